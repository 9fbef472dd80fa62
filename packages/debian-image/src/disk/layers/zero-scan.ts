import type { ReadAt } from '../read-at.ts';

/** What a file's content becomes in a file system that stores no blocks of zeros, in blocks of 4 KiB. */
export interface ZeroScan {
  /** Blocks with something else than zeros. */
  readonly blocks: number;
  /** Runs of such blocks, each an extent. */
  readonly runs: number;
}

const block = 4096;
const zeros = Buffer.alloc(block);
const nothing: ZeroScan = { blocks: 0, runs: 0 };

/** Looks through `size` bytes of content. Nearly all blocks that are not zeros show it in their first bytes. */
export function scanZeros(file: ReadAt, start: number, size: number): ZeroScan {
  if (size === 0) return nothing;
  let blocks = 0;
  let runs = 0;
  let inRun = false;
  for (let position = 0; position < size; position += block) {
    const length = Math.min(block, size - position);
    const bytes = file.read(start + position, length);
    const empty = bytes[0] === 0 && bytes.compare(zeros, 0, length) === 0;
    if (!empty) {
      blocks += 1;
      if (!inRun) runs += 1;
    }
    inRun = !empty;
  }
  return { blocks, runs };
}
