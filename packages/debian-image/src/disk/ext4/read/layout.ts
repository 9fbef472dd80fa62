import { hasSuperblock } from '../geometry.ts';
import { readSuperblock, type Superblock, superblockLength, superblockPosition } from '../superblock.ts';
import type { ReadAt } from '../../read-at.ts';
import { damaged, unsupported } from './damaged.ts';

/** Where things are in a file system: sizes in bytes, places in blocks. */
export interface VolumeLayout {
  readonly blockSize: number;
  readonly blocks: number;
  /** The block that groups are counted from: 1 with blocks of 1 KiB, else 0. */
  readonly firstBlock: number;
  readonly blocksPerGroup: number;
  readonly inodes: number;
  readonly inodesPerGroup: number;
  readonly inodeSize: number;
  readonly descriptorSize: number;
  /** The first block of descriptors that lies in the groups it describes (meta_bg). */
  readonly firstMetaBlock: number;
  /** Whether a group has a copy of the superblock. */
  hasBackup(group: number): boolean;
}

/** Incompatible features that change nothing in how files are read, or that are read here. `needs_recovery` is none: see `openVolume`. */
const readable: ReadonlySet<string> = new Set(
  'filetype meta_bg extent 64bit mmp flex_bg ea_inode metadata_csum_seed large_dir inline_data encrypt casefold'.split(' '),
);
const unreadable = /^incompat:|^needs_recovery$/;

/** Positions of fields in the superblock, by their names in the kernel's documentation (Documentation/filesystems/ext4/super.rst). */
const field = {
  firstDataBlock: 0x14,
  blocksPerGroup: 0x20,
  inodesPerGroup: 0x28,
  revision: 0x4c,
  inodeSize: 0x58,
  descriptorSize: 0xfe,
  firstMetaBlock: 0x104,
  backupGroups: 0x24c,
} as const;

/** Reads a superblock and where everything is. Failure `invalid` where there is none, or one that nobody could work with. */
export function readLayout(bytes: ReadAt, start: number, size: number): { superblock: Superblock; layout: VolumeLayout } {
  const superblock = readSuperblock(bytes, start);
  if (!superblock) throw damaged('it has no superblock');
  requireReadable(superblock);
  const block = Buffer.from(bytes.read(start + superblockPosition, superblockLength));
  const { blockSize, blocks, inodes, features } = superblock;
  const wide = features.includes('64bit');
  const layout = {
    blockSize,
    blocks,
    inodes,
    firstBlock: block.readUInt32LE(field.firstDataBlock),
    blocksPerGroup: block.readUInt32LE(field.blocksPerGroup),
    inodesPerGroup: block.readUInt32LE(field.inodesPerGroup),
    inodeSize: block.readUInt32LE(field.revision) === 0 ? 128 : block.readUInt16LE(field.inodeSize),
    descriptorSize: wide ? block.readUInt16LE(field.descriptorSize) : 32,
    firstMetaBlock: features.includes('meta_bg') ? block.readUInt32LE(field.firstMetaBlock) : Number.POSITIVE_INFINITY,
    hasBackup: backups(block, features),
  };
  requireSound(layout, size);
  return { superblock, layout };
}

function requireReadable({ features }: Superblock): void {
  if (features.includes('needs_recovery')) throw damaged('its journal holds changes that are not in place yet');
  const unknown = features.filter((feature) => unreadable.test(feature) && !readable.has(feature));
  if (unknown.length > 0) throw unsupported(`has features (${unknown.join(', ')})`);
}

function requireSound(layout: VolumeLayout, size: number): void {
  const { blockSize, blocks, firstBlock, blocksPerGroup, inodes, inodesPerGroup, inodeSize, descriptorSize } = layout;
  if (!Number.isSafeInteger(blocks) || blocks * blockSize > size)
    throw damaged(`it says that it has ${blocks} blocks, more than there is room for`);
  if (firstBlock > 1 || firstBlock >= blocks) throw damaged(`its first block is ${firstBlock}`);
  if (blocksPerGroup === 0) throw damaged('a group has no blocks');
  if (!isPowerOfTwo(inodeSize) || inodeSize < 128 || inodeSize > blockSize) throw damaged(`inodes have ${inodeSize} bytes`);
  if (!isPowerOfTwo(descriptorSize) || descriptorSize < 32 || descriptorSize > blockSize)
    throw damaged(`descriptors have ${descriptorSize} bytes`);
  if (inodesPerGroup === 0 || inodesPerGroup > 8 * blockSize) throw damaged(`a group has ${inodesPerGroup} inodes`);
  const groups = Math.ceil((blocks - firstBlock) / blocksPerGroup);
  if (inodes > groups * inodesPerGroup) throw damaged(`it says that it has ${inodes} inodes, more than its groups have`);
}

function backups(block: Buffer, features: readonly string[]): (group: number) => boolean {
  if (features.includes('sparse_super2')) {
    const groups = new Set([0, block.readUInt32LE(field.backupGroups), block.readUInt32LE(field.backupGroups + 4)]);
    return (group) => groups.has(group);
  }
  return features.includes('sparse_super') ? hasSuperblock : () => true;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
