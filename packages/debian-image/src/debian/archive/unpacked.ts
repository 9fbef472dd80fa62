import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Descriptor, inFolder, recall, remember, type Store } from '@nx-debian-image/artifact-store';
import { command, run } from '../../host/index.ts';
import { digestOf } from './fetch.ts';
import type { LockedPackage } from './package.ts';

const workers = 4;
const memo = 'unpacked';
const packageType = 'application/vnd.debian.binary-package';

/**
 * The packages with their members uncompressed, in the order given: decompression is a quarter of an installation's time, so it is
 * done once for each package and kept in the store.
 */
export async function unpackedPackages(packages: readonly LockedPackage[], store: Store, signal: AbortSignal): Promise<Descriptor[]> {
  const found: Descriptor[] = [];
  const queue = [...packages.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, entry] = next;
      const known = await recall(store, memo, entry.sha256, packageType);
      found[index] = known !== undefined && (await store.verify(known.digest)) ? known : await unpack(entry, store, signal);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return found;
}

async function unpack(entry: LockedPackage, store: Store, signal: AbortSignal): Promise<Descriptor> {
  const scratch = await store.scratch();
  try {
    const source = store.blobPath(digestOf(entry));
    const members: { name: string; path: string; size: number }[] = [];
    for (const [name, option] of [
      ['control.tar', '--ctrl-tarfile'],
      ['data.tar', '--fsys-tarfile'],
    ] as const) {
      const path = join(scratch.folder, name);
      const unpacking = { doing: `unpacking ${entry.name}`, signal, output: createWriteStream(path) };
      await inFolder(store.folder, () => run(command('dpkg-deb', [option, source]), unpacking));
      members.push({ name, path, size: (await stat(path)).size });
    }
    const descriptor = { ...(await store.putStream(Readable.from(renderArchive(members)))), mediaType: packageType };
    await remember(store, memo, entry.sha256, descriptor);
    return descriptor;
  } finally {
    await scratch.dispose();
  }
}

/** A Debian package as deb(5) describes it: an ar archive of a version and two tar files, here uncompressed. */
async function* renderArchive(members: readonly { name: string; path: string; size: number }[]): AsyncGenerator<Buffer> {
  const version = '2.0\n';
  yield Buffer.from(`!<arch>\n${header('debian-binary', version.length)}${version}`);
  for (const { name, path, size } of members) {
    yield Buffer.from(header(name, size));
    yield* createReadStream(path) as AsyncIterable<Buffer>;
    if (size % 2 === 1) yield Buffer.from('\n');
  }
}

/** The 60 bytes before a member of an ar archive: name, time, owner, group, mode, size and an end mark. */
function header(name: string, size: number): string {
  return `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(size).padEnd(10)}\`\n`;
}
