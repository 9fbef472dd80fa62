import type { TreeStatistics } from '../layers/statistics.ts';
import type { Ext4Profile } from './profile.ts';
import { blockSize, geometryOf, inodeRatio, journalBlocks, usableSize } from './geometry.ts';

export interface Ext4Wish {
  readonly statistics: TreeStatistics;
  /** Bytes to leave free. */
  readonly freeBytes: number;
  readonly profile: Ext4Profile;
}

/** The size of a file system. */
export interface Ext4Plan {
  readonly blocks: number;
  /** The blocks that will be free: what was asked for, or more where mke2fs makes no smaller one. */
  readonly freeBlocks: number;
  /** The number of inodes to ask mke2fs for; undefined leaves it at one for each 16 KiB. */
  readonly inodes: number | undefined;
}

/** Inodes that ext4 keeps for itself (1 to 10), the root and lost+found. */
const ownInodes = 12;
/** Where a tree has more files than 16 KiB apiece: free inodes left beside them, as a share and at least. */
const spareInodes = { share: 0.05, least: 1024 };

/** mke2fs makes no journal that is more than half of a file system. */
const smallest = 2 * journalBlocks + 64;

/** Free space in the smallest file system: 1 % of the content, 4 MiB at least. Enough for a first boot to write keys, leases and logs before the root grows. */
export function defaultSlack(contentBytes: number): number {
  return Math.max(4 << 20, Math.ceil(contentBytes / 100));
}

/**
 * The smallest size that holds a tree and leaves `freeBytes`. Always blocks of 4 KiB and one inode for 16 KiB, as for a large disk: neither
 * can change when the file system grows.
 */
export function planExt4({ statistics, freeBytes, profile }: Ext4Wish): Ext4Plan {
  const { inodes, contentBlocks, directoryBlocks, otherBlocks } = statistics;
  const needed = inodes + ownInodes + Math.max(spareInodes.least, Math.ceil(inodes * spareInodes.share));
  const content = contentBlocks + directoryBlocks + otherBlocks;
  const wanted = content + Math.ceil(freeBytes / blockSize);
  let blocks = smallest;
  for (;;) {
    const least = usableSize(wanted + geometryOf(blocks, needed, profile).overheadBlocks, needed, profile);
    if (least <= blocks) break;
    blocks = least;
  }
  const freeBlocks = blocks - content - geometryOf(blocks, needed, profile).overheadBlocks;
  return { blocks, freeBlocks, inodes: needed > Math.floor((blocks * blockSize) / inodeRatio) ? needed : undefined };
}
