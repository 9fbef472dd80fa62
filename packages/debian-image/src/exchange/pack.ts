import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Hashed, hashing, inFolder, type Store } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { command, run } from '../host/index.ts';

/** Level 3 is faster than most networks. Two threads keep up with sha256, and need 60 MiB on any machine. */
const compress = ['-q', '-c', '-3', '-T2'];
/** What was compressed like that needs less (zstd(1), `--memory`); more would be for bytes that are none of ours. */
const uncompress = ['-q', '-d', '-c', '--memory=16MB'];

/** A file that stands for a blob on its way. */
export interface Packed extends Hashed {
  readonly path: string;
}

export interface PackOptions {
  /** A new file, in a scratch folder. */
  readonly path: string;
  /** Asks for other bytes than ever before. */
  readonly anew: boolean;
  readonly signal: AbortSignal;
}

/**
 * A blob of the store as it goes to a registry: compressed into a file, or the blob itself where it does not get smaller. It is hashed on the way:
 * Failure `bad-digest` where it is another than it should be, which the store then puts aside.
 */
export async function packBlob(store: Store, blob: Hashed, { path, anew, signal }: PackOptions): Promise<Packed> {
  const [raw, packed] = [hashing(), hashing()];
  const output = new PassThrough();
  if (anew) output.write(skippableFrame());
  const input = Readable.from(raw.pass(store.stream(blob.digest)));
  await inFolder(store.folder, () =>
    allOf(
      pipeline(output, packed.pass, createWriteStream(path)),
      run(command('zstd', [...compress, `--stream-size=${blob.size}`]), { doing: 'compressing', input, output, signal }),
    ),
  );
  if (raw.result().digest !== blob.digest) {
    await store.verify(blob.digest);
    throw new Failure('bad-digest', `the store had other bytes for ${blob.digest}`);
  }
  const result = packed.result();
  return anew || result.size < blob.size ? { path, ...result } : { path: store.blobPath(blob.digest), ...blob };
}

/** Puts a packed blob into the store, as nothing but the blob that it must be. Failures: `bad-digest`, `no-space`. */
export async function unpackBlob(store: Store, { digest, size }: Hashed, packed: Packed, signal: AbortSignal): Promise<void> {
  if (packed.digest === digest) {
    await store.putFile(packed.path, { expect: digest });
    return;
  }
  const output = new PassThrough();
  const explain = (said: string): Failure => new Failure('bad-digest', 'it cannot be uncompressed', { said });
  await allOf(
    store.putStream(Readable.from(upTo(size, output)), { expect: digest }),
    run(command('zstd', [...uncompress, packed.path]), { doing: 'uncompressing', output, signal, explain }),
  );
}

/** The most bytes that a blob can have packed: what does not get smaller stays as it is, but for what `anew` adds. */
export function mostPackedBytes({ size }: Hashed): number {
  return size + Math.ceil(size / 128) + 1024;
}

/** Bytes that zstd passes over: RFC 8878, 3.1.2. */
function skippableFrame(): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a50, 0);
  header.writeUInt32LE(16, 4);
  return Buffer.concat([header, randomBytes(16)]);
}

async function* upTo(size: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = size;
  for await (const chunk of source) {
    left -= chunk.length;
    if (left < 0) throw new Failure('bad-digest', `it has more than its ${size} bytes`);
    yield chunk;
  }
}

/** Waits for both sides of a pipe and tells the failure of the first, for the other only hears that it is alone. */
async function allOf(...sides: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(sides)) if (outcome.status === 'rejected') throw outcome.reason;
}
