import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { command, run } from '../../host/index.ts';
import { entryHeader } from '../layers/tar-entry.ts';
import { padded } from '../layers/tar-header.ts';
import { endOfTar } from '../layers/tar-write.ts';

export interface UecOptions {
  /** The files on this machine by their names in the tarball. */
  readonly files: Readonly<Record<string, string>>;
  readonly target: string;
  readonly signal?: AbortSignal;
}

/** Packs kernel, ramdisk and root as the tarball that cloud-publish-tarball(1) takes, without times and owners. Failures: those of `run`. */
export async function packUec({ files, target, signal }: UecOptions): Promise<void> {
  await run(command('gzip', ['--no-name', '--stdout']), {
    doing: 'packing kernel, ramdisk and root as uec',
    input: Readable.from(tarOf(files), { objectMode: false }),
    output: createWriteStream(target),
    ...(signal ? { signal } : {}),
  });
}

async function* tarOf(files: UecOptions['files']): AsyncGenerator<Buffer> {
  const same = { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: { seconds: 0, nanoseconds: 0 }, attributes: new Map() } as const;
  for (const [path, source] of Object.entries(files)) {
    const { size } = await stat(source);
    yield entryHeader({ ...same, path, size });
    yield* createReadStream(source, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
    yield Buffer.alloc(padded(size) - size);
  }
  yield endOfTar;
}
