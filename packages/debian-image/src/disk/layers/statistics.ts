import type { Inode, Node, Tree } from './merge.ts';
import type { TarEntry } from './tar-index.ts';

/** What decides how large an ext4 file system with blocks of 4 KiB and inodes of 256 bytes must be. */
export interface TreeStatistics {
  /** Inodes of the tree, its root not counted. */
  readonly inodes: number;
  /** The bytes in all files: as they say, and each rounded up to 4 KiB. */
  readonly contentBytes: number;
  readonly roundedBytes: number;
  /** Blocks of content that are not all zeros; those of zeros become holes. */
  readonly contentBlocks: number;
  readonly directoryBlocks: number;
  /** Blocks for long symbolic links, for extended attributes that do not fit into the inode, and for long lists of extents. */
  readonly otherBlocks: number;
}

const block = 4096;
/** A symbolic link up to this length is kept in the inode (i_block has 60 bytes). */
const symlinkInInode = 59;
/** Room for extended attributes in an inode of 256 bytes: 128 old, 32 new fields, 4 of magic number, 4 of ending zeros. */
const attributesInInode = 88;
/** Extents in the inode itself, and in a block of their own. */
const extentsInInode = 4;
const extentsInBlock = 340;
/** What a directory block ends with where metadata have checksums. */
const directoryTail = 12;

/** Counts what a merged tree needs. */
export function treeStatistics(tree: Tree): TreeStatistics {
  const seen = new Set<Inode>();
  const sum = {
    inodes: 0,
    contentBytes: 0,
    roundedBytes: 0,
    contentBlocks: 0,
    directoryBlocks: directoryBlocks(tree.children.keys()),
    otherBlocks: 0,
  };
  const walk = (children: ReadonlyMap<string, Node>): void => {
    for (const { inode, children: below } of children.values()) {
      if (seen.has(inode)) continue;
      seen.add(inode);
      const { entry } = inode;
      sum.inodes += 1;
      sum.contentBytes += entry.size;
      sum.roundedBytes += Math.ceil(entry.size / block) * block;
      sum.contentBlocks += entry.zeros.blocks;
      sum.otherBlocks += otherBlocks(entry);
      if (entry.type !== 'directory') continue;
      sum.directoryBlocks += directoryBlocks(below.keys());
      walk(below);
    }
  };
  walk(tree.children);
  if (tree.root) sum.otherBlocks += otherBlocks(tree.root.entry);
  return sum;
}

function otherBlocks(entry: TarEntry): number {
  let blocks = attributeBytes(entry.records) > attributesInInode ? 1 : 0;
  if (entry.type === 'symlink' && entry.target.length > symlinkInInode) blocks += 1;
  if (entry.zeros.runs > extentsInInode) blocks += Math.ceil(entry.zeros.runs / extentsInBlock);
  return blocks;
}

/** Bytes of an entry's extended attributes: a header of 16, name and value, each padded to 4. */
function attributeBytes(records: ReadonlyMap<string, string>): number {
  let bytes = 0;
  for (const [key, value] of records) {
    if (key.startsWith('SCHILY.xattr.')) bytes += 16 + pad(key.length - 'SCHILY.xattr.user.'.length) + pad(value.length);
  }
  return bytes;
}

/** Blocks of a directory whose names go, in their order, each into the first block with room. */
function directoryBlocks(names: Iterable<string>): number {
  const free = [block - directoryTail - 24];
  let first = 0;
  for (const name of names) {
    const length = 8 + pad(name.length);
    // No name is longer than 255 bytes; a block with less room than the shortest name is full.
    while (first < free.length - 1 && free[first]! < 12) first += 1;
    let index = first;
    while (index < free.length && free[index]! < length) index += 1;
    if (index === free.length) free.push(block - directoryTail);
    free[index]! -= length;
  }
  return free.length;
}

function pad(length: number): number {
  return Math.ceil(Math.max(0, length) / 4) * 4;
}
