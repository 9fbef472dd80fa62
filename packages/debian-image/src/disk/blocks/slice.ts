import { open } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';
import { type Algorithm, allAlgorithms, type Digests, parallelHash } from './digests.ts';
import { writeSparse } from './sparse.ts';

export interface RangeOptions {
  /** Where the range begins, 0 if not given, and its bytes, to the end of the file if not given. */
  readonly start?: number;
  readonly size?: number;
  readonly algorithms?: readonly Algorithm[];
  /** Called as bytes are done. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** What has been read: its bytes and their digests; those not asked for are missing. */
export interface Digested {
  readonly size: number;
  readonly digests: Digests;
}

/** The digests of a file or a range of it, read once. Failure `cancelled`. */
export function digestFile(path: string, options: RangeOptions = {}): Promise<Digested> {
  return throughRange(path, options);
}

/** Copies a range of a file into a new one, blocks of zeros as holes, and gives the digests of the same reading. Failures `cancelled`, `no-space`. */
export async function slice(path: string, target: string, options: RangeOptions = {}): Promise<Digested> {
  const file = await open(target, 'wx', 0o644);
  try {
    const done = await throughRange(path, options, (bytes, position) => writeSparse(file, bytes, position));
    await file.truncate(done.size);
    return done;
  } finally {
    await file.close();
  }
}

async function throughRange(
  path: string,
  { start = 0, size, algorithms = allAlgorithms, onBytes, signal }: RangeOptions,
  each?: (bytes: Buffer, position: number) => Promise<void>,
): Promise<Digested> {
  const file = await open(path, 'r');
  const hash = parallelHash(algorithms);
  let writing: Promise<void> | undefined;
  try {
    const total = size ?? (await file.stat()).size - start;
    for (let position = 0; position < total;) {
      if (signal?.aborted) throw new Failure('cancelled', `cancelled while reading ${path}`);
      const buffer = await hash.free();
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, total - position), start + position);
      if (bytesRead === 0) throw new Error(`${path} ends ${total - position} bytes too early`);
      hash.add(bytesRead);
      // One write at a time, while the next bytes are read; there are more buffers than that.
      await writing;
      writing = each?.(buffer.subarray(0, bytesRead), position);
      position += bytesRead;
      onBytes?.(bytesRead);
    }
    await writing;
    return { size: total, digests: await hash.digests() };
  } finally {
    await Promise.allSettled([writing]);
    await hash.close();
    await file.close();
  }
}
