import type { ReadAt } from '../../read-at.ts';
import type { Superblock } from '../superblock.ts';
import { damaged } from './damaged.ts';
import { readLayout, type VolumeLayout } from './layout.ts';

/** Blocks of a file that lie one after another; what no run has is zeros. */
export interface Run {
  /** The first of them in the file, and in the file system. */
  readonly logical: number;
  readonly physical: number;
  readonly length: number;
}

/** The blocks of an ext2, ext3 or ext4 file system. */
export interface Volume {
  readonly superblock: Superblock;
  readonly layout: VolumeLayout;
  /**
   * A block that says where others are, in bytes of its own. Those of an honest file system are read once, and attributes a few times for
   * each inode; more is a Failure, so that all has an end whatever the bytes say.
   */
  metadata(block: number): Buffer;
  /** Bytes of file content; valid until the next call of either. */
  content(block: number, offset: number, length: number): Buffer;
}

/** What is read at once of content: see `withFile`, which keeps as much. */
export const contentChunk = 1 << 16;

/** Opens the blocks of the file system that begins at byte `start` and has `size` bytes of room. Failures: those of `readLayout`. */
export function openVolume(bytes: ReadAt, start: number, size: number): Volume {
  const { superblock, layout } = readLayout(bytes, start, size);
  const { blockSize, blocks, inodes } = layout;
  let left = 2 * blocks + 4 * inodes;
  const read = (block: number, offset: number, length: number): Buffer => {
    const found = bytes.read(start + block * blockSize + offset, length);
    if (found.length < length) throw damaged(`block ${block} is not there`);
    return found;
  };
  return {
    superblock,
    layout,
    metadata(block) {
      if (block <= 0 || block >= blocks) throw damaged(`something is said to be in block ${block}, of ${blocks}`);
      left -= 1;
      if (left < 0) throw damaged('the same blocks are used again and again');
      return Buffer.from(read(block, 0, blockSize));
    },
    content: read,
  };
}
