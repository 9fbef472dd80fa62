import type { ReadAt } from '../read-at.ts';

/** A part of something, in bytes. */
export interface Range {
  readonly start: number;
  readonly size: number;
}

const chunkSize = 1 << 20;

/** Where two ranges first differ, in bytes from their beginning; undefined where they are alike. The end of the shorter one is a difference. */
export function firstDifference(a: ReadAt, b: ReadAt, ofA: Range = whole(a), ofB: Range = whole(b)): number | undefined {
  const common = Math.min(ofA.size, ofB.size);
  for (let done = 0; done < common; done += chunkSize) {
    const length = Math.min(chunkSize, common - done);
    const [left, right] = [a.read(ofA.start + done, length), b.read(ofB.start + done, length)];
    if (left.equals(right)) continue;
    const within = left.findIndex((byte, index) => byte !== right[index]);
    return done + (within === -1 ? Math.min(left.length, right.length) : within);
  }
  return ofA.size === ofB.size ? undefined : common;
}

function whole({ size }: ReadAt): Range {
  return { start: 0, size };
}
