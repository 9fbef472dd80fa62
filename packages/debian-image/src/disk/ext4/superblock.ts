import type { ReadAt } from '../read-at.ts';

/** What an ext2, ext3 or ext4 superblock says. Sizes in bytes. */
export interface Superblock {
  readonly blockSize: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly inodes: number;
  readonly freeInodes: number;
  readonly uuid: string;
  readonly label: string;
  /** Feature names as e2fsprogs calls them, in its order; those unknown here as `incompat:0x…`. */
  readonly features: readonly string[];
}

/** The bits of the three feature fields: https://docs.kernel.org/filesystems/ext4/super.html, named as in e2fsprogs. */
const featureNames = {
  compat: named('0x4 has_journal 0x8 ext_attr 0x10 resize_inode 0x20 dir_index 0x200 sparse_super2 0x400 fast_commit 0x1000 orphan_file'),
  incompat: named(
    '0x2 filetype 0x4 needs_recovery 0x10 meta_bg 0x40 extent 0x80 64bit 0x100 mmp 0x200 flex_bg 0x400 ea_inode ' +
      '0x2000 metadata_csum_seed 0x4000 large_dir 0x8000 inline_data 0x10000 encrypt 0x20000 casefold',
  ),
  readOnly: named(
    '0x1 sparse_super 0x2 large_file 0x8 huge_file 0x10 uninit_bg 0x20 dir_nlink 0x40 extra_isize 0x100 quota 0x200 bigalloc ' +
      '0x400 metadata_csum 0x2000 project 0x8000 verity',
  ),
};

/** Where the superblock is in its file system, and its bytes. */
export const superblockPosition = 1024;
export const superblockLength = 1024;
const magic = 0xef53;

/** Reads the superblock of a file system that begins at `start`; undefined where there is none. */
export function readSuperblock(bytes: ReadAt, start: number): Superblock | undefined {
  const block = bytes.read(start + superblockPosition, superblockLength);
  if (block.length < superblockLength || block.readUInt16LE(0x38) !== magic) return undefined;
  const shift = block.readUInt32LE(0x18);
  if (shift > 6) return undefined;
  const incompat = block.readUInt32LE(0x60);
  const high = (at: number): number => ((incompat & 0x80) === 0 ? 0 : block.readUInt32LE(at) * 2 ** 32);
  return {
    blockSize: 1024 << shift,
    blocks: block.readUInt32LE(0x4) + high(0x150),
    freeBlocks: block.readUInt32LE(0xc) + high(0x158),
    inodes: block.readUInt32LE(0x0),
    freeInodes: block.readUInt32LE(0x10),
    uuid: block.toString('hex', 0x68, 0x78).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    label: block.toString('utf8', 0x78, 0x88).replace(/\0.*$/s, ''),
    features: [
      ...names(block.readUInt32LE(0x5c), featureNames.compat, 'compat'),
      ...names(incompat, featureNames.incompat, 'incompat'),
      ...names(block.readUInt32LE(0x64), featureNames.readOnly, 'ro-compat'),
    ],
  };
}

function names(field: number, known: ReadonlyMap<number, string>, kind: string): string[] {
  const found: string[] = [];
  for (let bit = 0; bit < 32; bit += 1) {
    const mask = 2 ** bit;
    if (Math.floor(field / mask) % 2 === 1) found.push(known.get(mask) ?? `${kind}:0x${mask.toString(16)}`);
  }
  return found;
}

/** Pairs of a bit and its name. */
function named(pairs: string): ReadonlyMap<number, string> {
  return new Map([...pairs.matchAll(/(0x\S+) (\S+)/g)].map(([, bit, name]) => [Number(bit), name!]));
}
