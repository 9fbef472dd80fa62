import type { Ext4Profile } from './profile.ts';

/** Bytes of a block, of an inode, and of content for which mke2fs makes one inode. Fixed: see `planExt4`. */
export const blockSize = 4096;
export const inodeSize = 256;
export const inodeRatio = 16384;

/** The smallest journal that ext4 has: 1024 blocks (JBD2_MIN_JOURNAL_BLOCKS). */
export const journalBlocks = 1024;

/** One bit of a block for each block of a group. */
const blocksPerGroup = 8 * blockSize;

const inodesPerBlock = blockSize / inodeSize;
/** lost+found, which mke2fs makes 16 KiB large for e2fsck to find room in, and the block of pointers of the resize inode. */
const fixedBlocks = 4 + 1;
/** A last group with fewer blocks to use than this is left off by mke2fs (lib/ext2fs/initialize.c). */
const fewestInGroup = 50;

/** What ext4 itself takes of a file system of some size. */
export interface Geometry {
  readonly blocks: number;
  readonly inodes: number;
  /** Everything that is not free in an empty file system. */
  readonly overheadBlocks: number;
  /** The fewest blocks that mke2fs takes for the last group; with fewer it makes the file system smaller. */
  readonly leastInLastGroup: number;
}

/** The geometry that mke2fs gives to a size and a wish for inodes (at least one for each 16 KiB), by the same arithmetic (lib/ext2fs/initialize.c). */
export function geometryOf(blocks: number, wantedInodes: number, profile: Ext4Profile): Geometry {
  const groups = Math.ceil(blocks / blocksPerGroup);
  const inodesWanted = Math.max(wantedInodes, Math.floor((blocks * blockSize) / inodeRatio));
  const inodeTable = Math.ceil(Math.ceil(inodesWanted / groups) / inodesPerBlock);
  const perGroup = 2 + inodeTable;
  const superblock = 1 + descriptorBlocks(blocks, groups, profile);
  let superblocks = 0;
  for (let group = 0; group < groups; group += 1) if (hasSuperblock(group)) superblocks += superblock;
  return {
    blocks,
    inodes: groups * inodeTable * inodesPerBlock,
    overheadBlocks: groups * perGroup + superblocks + journalBlocks + fixedBlocks + orphanFileBlocks(blocks, profile),
    leastInLastGroup: perGroup + (hasSuperblock(groups - 1) ? superblock : 0) + fewestInGroup,
  };
}

/** The next size up whose last group mke2fs does not leave off. */
export function usableSize(blocks: number, wantedInodes: number, profile: Ext4Profile): number {
  const rest = blocks % blocksPerGroup;
  const missing = rest === 0 ? 0 : geometryOf(blocks, wantedInodes, profile).leastInLastGroup - rest;
  // A larger size may have larger inode tables.
  return missing > 0 ? usableSize(blocks + missing, wantedInodes, profile) : blocks;
}

/** Group descriptors, and blocks reserved for those of a file system 1024 times as large. */
function descriptorBlocks(blocks: number, groups: number, { descriptorSize }: Ext4Profile): number {
  const perBlock = blockSize / descriptorSize;
  const now = Math.ceil(groups / perBlock);
  const largest = Math.min(blocks * 1024, 2 ** 32 - 1);
  const later = Math.ceil(Math.ceil(largest / blocksPerGroup) / perBlock);
  return now + Math.min(later - now, blockSize / 4);
}

/** lib/ext2fs/orphan.c, ext2fs_default_orphan_file_blocks. */
function orphanFileBlocks(blocks: number, { features }: Ext4Profile): number {
  if (!features.includes('orphan_file')) return 0;
  if (blocks < 128 * 1024) return 32;
  return blocks < 2 * 1024 * 1024 ? Math.floor(blocks / 4096) : 512;
}

/** Whether a group has a copy of the superblock, with sparse_super: groups 0 and 1 and the powers of 3, 5 and 7. */
export function hasSuperblock(group: number): boolean {
  if (group <= 1) return true;
  return [3, 5, 7].some((base) => {
    let power = base;
    while (power < group) power *= base;
    return power === group;
  });
}
