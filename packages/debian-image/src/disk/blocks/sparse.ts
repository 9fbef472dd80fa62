import type { FileHandle } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';

/** Zeros that become a hole: the block of the file systems that files are kept on. */
const holeSize = 4096;
const zeros = Buffer.alloc(holeSize);

/** Writes what is not zero of some bytes, in as few calls as can be. The file must have zeros or nothing there. Failure `no-space`. */
export async function writeSparse(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  try {
    await writeRuns(file, bytes, position);
  } catch (error) {
    throw explainNoSpace(error);
  }
}

/** What to throw in place of an error of writing: a Failure `no-space` where that is what it tells, else the error itself. */
export function explainNoSpace(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') return error;
  return new Failure('no-space', 'no space left for a copy of a disk', { cause: error, hint: 'Free some space where the store is.' });
}

async function writeRuns(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (const [from, until] of dataRuns(bytes)) {
    for (let done = from; done < until;) {
      const { bytesWritten } = await file.write(bytes, done, until - done, position + done);
      done += bytesWritten;
    }
  }
}

/** The ranges between blocks of zeros; blocks of 4 KiB count, from the beginning of the bytes. */
export function dataRuns(bytes: Buffer): [from: number, until: number][] {
  const runs: [number, number][] = [];
  let from: number | undefined;
  for (let position = 0; position < bytes.length; position += holeSize) {
    const end = Math.min(position + holeSize, bytes.length);
    const empty = bytes[position] === 0 && zeros.compare(bytes, position, end, 0, end - position) === 0;
    if (!empty) from ??= position;
    if (empty && from !== undefined) {
      runs.push([from, position]);
      from = undefined;
    }
  }
  if (from !== undefined) runs.push([from, bytes.length]);
  return runs;
}
