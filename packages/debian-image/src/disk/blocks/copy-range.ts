import { open } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';
import { writeSparse } from './sparse.ts';

const chunkSize = 1 << 22;

export interface CopyRange {
  /** The first byte, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  readonly signal?: AbortSignal;
}

/** Copies a range of a file into another one that has holes there, to the same place. Failures `cancelled`, `no-space`. */
export async function copyRange(source: string, target: string, { start, end, signal }: CopyRange): Promise<void> {
  const from = await open(source, 'r');
  const to = await open(target, 'r+');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(chunkSize, Math.max(0, end - start)));
    for (let position = start; position < end;) {
      if (signal?.aborted) throw new Failure('cancelled', 'cancelled while copying a disk');
      const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, end - position), position);
      if (bytesRead === 0) throw new Error(`${source} ends ${end - position} bytes too early`);
      await writeSparse(to, buffer.subarray(0, bytesRead), position);
      position += bytesRead;
    }
  } finally {
    await from.close();
    await to.close();
  }
}
