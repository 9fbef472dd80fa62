import { damaged } from './damaged.ts';
import type { Volume } from './volume.ts';

/** What an inode can be; a socket has no place in a tar. */
type InodeType = 'file' | 'directory' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';

export interface Inode {
  readonly number: number;
  readonly type: InodeType;
  /** The permission bits, set-id and sticky bits among them. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  /** Seconds since 1970, and the nanoseconds where the inode has room for them. */
  readonly mtime: { readonly seconds: number; readonly nanoseconds: number };
  readonly flags: number;
  /** The 60 bytes that say where the content is, or are it. */
  readonly map: Buffer;
  /** What is behind the fields of a large inode: extended attributes; empty in a small one. */
  readonly extra: Buffer;
  /** The block with more extended attributes; 0 where there is none. */
  readonly attributeBlock: number;
}

/** i_flags of Documentation/filesystems/ext4/inodes.rst. */
export const inodeFlag = { encrypted: 0x800, extents: 0x80000, inline: 0x10000000 } as const;

/** The inode of `/` (Documentation/filesystems/ext4/special_inodes.rst). */
export const rootInode = 2;

const types: Readonly<Record<number, InodeType>> = {
  0x1: 'fifo',
  0x2: 'character',
  0x4: 'directory',
  0x6: 'block',
  0x8: 'file',
  0xa: 'symlink',
  0xc: 'socket',
};

const smallInode = 128;
/** How far the fields of a large inode must reach for it to have i_mtime_extra. */
const reachesNanoseconds = 0x8c - smallInode;

/** Gives inodes by their numbers; the table blocks of the last ones stay at hand, for neighbours are asked for together. */
export function inodeReader(volume: Volume): (number: number) => Inode {
  const { blockSize, inodes, inodesPerGroup, inodeSize } = volume.layout;
  const tables = new Map<number, number>();
  const tableOf = (group: number): number => {
    const known = tables.get(group) ?? inodeTable(volume, group);
    tables.set(group, known);
    return known;
  };
  return (number) => {
    if (number < 1 || number > inodes) throw damaged(`there is no inode ${number}`);
    const group = Math.floor((number - 1) / inodesPerGroup);
    const position = ((number - 1) % inodesPerGroup) * inodeSize;
    const block = tableOf(group) + Math.floor(position / blockSize);
    if (block >= volume.layout.blocks) throw damaged(`inode ${number} is said to be in block ${block}`);
    return parseInode(number, Buffer.from(volume.content(block, position % blockSize, inodeSize)), volume);
  };
}

/** The first block of a group's inode table (Documentation/filesystems/ext4/group_descr.rst, and blockgroup.rst for meta_bg). */
function inodeTable(volume: Volume, group: number): number {
  const { blockSize, blocksPerGroup, firstBlock, descriptorSize, firstMetaBlock, hasBackup } = volume.layout;
  const perBlock = blockSize / descriptorSize;
  const index = Math.floor(group / perBlock);
  const first = index * perBlock;
  // the superblock is at byte 1024: in block 1 of 1 KiB, else in block 0
  const besideSuperblock = Math.floor(1024 / blockSize) + 1 + index;
  const inGroup = firstBlock + first * blocksPerGroup + (hasBackup(first) ? 1 : 0);
  const descriptors = volume.metadata(index < firstMetaBlock || index === 0 ? besideSuperblock : inGroup);
  const at = (group - first) * descriptorSize;
  const high = descriptorSize >= 64 ? descriptors.readUInt32LE(at + 0x28) : 0;
  const table = high * 2 ** 32 + descriptors.readUInt32LE(at + 0x8);
  if (table <= 0 || table >= volume.layout.blocks) throw damaged(`the inodes of group ${group} are said to be in block ${table}`);
  return table;
}

function parseInode(number: number, bytes: Buffer, { superblock }: Volume): Inode {
  const mode = bytes.readUInt16LE(0x0);
  const type = types[mode >> 12];
  const links = bytes.readUInt16LE(0x1a);
  if (type === undefined || links === 0) throw damaged(`inode ${number} has a name but is not in use`);
  const reach = bytes.length > smallInode ? bytes.readUInt16LE(0x80) : 0;
  if (reach % 4 !== 0 || smallInode + reach > bytes.length) throw damaged(`the fields of inode ${number} reach beyond it`);
  const more = reach >= reachesNanoseconds ? bytes.readUInt32LE(0x88) : 0;
  const size = bytes.readUInt32LE(0x6c) * 2 ** 32 + bytes.readUInt32LE(0x4);
  const sized = type === 'file' || type === 'directory' ? size : bytes.readUInt32LE(0x4);
  if (!Number.isSafeInteger(sized)) throw damaged(`inode ${number} says that it has ${sized} bytes`);
  const wide = superblock.features.includes('64bit');
  return {
    number,
    type,
    mode: mode & 0o7777,
    uid: bytes.readUInt16LE(0x78) * 2 ** 16 + bytes.readUInt16LE(0x2),
    gid: bytes.readUInt16LE(0x7a) * 2 ** 16 + bytes.readUInt16LE(0x18),
    size: sized,
    links,
    mtime: { seconds: bytes.readInt32LE(0x10) + (more & 3) * 2 ** 32, nanoseconds: more >>> 2 },
    flags: bytes.readUInt32LE(0x20),
    map: bytes.subarray(0x28, 0x64),
    extra: bytes.subarray(smallInode + reach),
    attributeBlock: (wide ? bytes.readUInt16LE(0x76) * 2 ** 32 : 0) + bytes.readUInt32LE(0x68),
  };
}

/** Major and minor number of a device: the old form in the first word of its map, or the new one in the second (ext4_iget of the kernel). */
export function deviceNumbers({ map }: Inode): { major: number; minor: number } {
  const old = map.readUInt32LE(0);
  if (old !== 0) return { major: (old >> 8) & 0xff, minor: old & 0xff };
  const device = map.readUInt32LE(4);
  return { major: (device >>> 8) & 0xfff, minor: (device & 0xff) | ((device >>> 12) & 0xfff00) };
}
