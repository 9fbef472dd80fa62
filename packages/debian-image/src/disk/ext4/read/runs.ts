import { mappedRuns } from './block-map.ts';
import { damaged } from './damaged.ts';
import { extentRuns } from './extents.ts';
import { type Inode, inodeFlag } from './inode.ts';
import { contentChunk, type Run, type Volume } from './volume.ts';

/** Where the content of an inode is, in the order of the file and no further than its size. Failure `invalid`. */
export function* runsOf(volume: Volume, inode: Inode): Generator<Run> {
  const { blockSize, blocks, firstBlock } = volume.layout;
  const wanted = Math.ceil(inode.size / blockSize);
  const found = (inode.flags & inodeFlag.extents) === 0 ? mappedRuns(volume, inode, wanted) : extentRuns(volume, inode);
  for (const run of found) {
    if (run.logical >= wanted) return;
    const length = Math.min(run.length, wanted - run.logical);
    if (run.physical <= firstBlock || run.physical + length > blocks) {
      throw damaged(`the content of inode ${inode.number} is said to be in block ${run.physical}, of ${blocks}`);
    }
    yield { ...run, length };
  }
}

/** A part of a file's content. */
export interface Chunk {
  readonly position: number;
  /** Valid until the next chunk is asked for. */
  readonly bytes: Buffer;
}

/** The content of an inode that keeps it in blocks, without its holes, in order. Failure `invalid`. */
export function* chunksOf(volume: Volume, inode: Inode): Generator<Chunk> {
  const { blockSize } = volume.layout;
  for (const { logical, physical, length } of runsOf(volume, inode)) {
    const end = Math.min(length * blockSize, inode.size - logical * blockSize);
    for (let offset = 0; offset < end; offset += contentChunk) {
      const bytes = volume.content(physical, offset, Math.min(contentChunk, end - offset));
      yield { position: logical * blockSize + offset, bytes };
    }
  }
}

/** All of something small, holes as zeros. Failure `invalid` where it is larger than `limit`. */
export function gather(chunks: Iterable<Chunk>, { number, size }: Inode, limit: number): Buffer {
  if (size > limit) throw damaged(`inode ${number} has ${size} bytes instead of ${limit} at most`);
  const whole = Buffer.alloc(size);
  for (const { position, bytes } of chunks) bytes.copy(whole, position);
  return whole;
}
