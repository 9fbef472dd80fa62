import { damaged } from './damaged.ts';
import type { FileSystem } from './file-system.ts';
import { inlineEntries } from './inline.ts';
import { type Inode, inodeFlag } from './inode.ts';
import { runsOf } from './runs.ts';

const headerSize = 8;

/**
 * The names of a directory, as strings of bytes, with their inode numbers; not `.` and `..`. It is read linearly: the nodes of a hash tree
 * look like unused entries (Documentation/filesystems/ext4/directory.rst). Failure `invalid`.
 */
export function readDirectory(fileSystem: FileSystem, inode: Inode): Map<string, number> {
  if (inode.flags & inodeFlag.encrypted) throw damaged(`the names in directory inode ${inode.number} are encrypted`);
  const names = new Map<string, number>();
  for (const part of inode.flags & inodeFlag.inline ? inlineEntries(fileSystem, inode) : blocksOf(fileSystem, inode)) {
    for (const [name, number] of entriesOf(part, inode.number)) {
      if (name === '.' || name === '..') continue;
      if (names.has(name)) throw damaged(`directory inode ${inode.number} has a name twice`);
      names.set(name, number);
    }
  }
  return names;
}

function* blocksOf(fileSystem: FileSystem, inode: Inode): Generator<Buffer> {
  let next = 0;
  for (const { logical, physical, length } of runsOf(fileSystem, inode)) {
    if (logical !== next) break;
    next = logical + length;
    for (let index = 0; index < length; index += 1) yield fileSystem.metadata(physical + index);
  }
  if (next * fileSystem.layout.blockSize !== inode.size) throw damaged(`directory inode ${inode.number} has holes`);
}

function* entriesOf(bytes: Buffer, directory: number): Generator<[name: string, inode: number]> {
  for (let at = 0; at < bytes.length;) {
    // a rest too short for an entry is none: in inodes alone
    if (bytes.length - at < headerSize) return;
    const inode = bytes.readUInt32LE(at);
    const length = entryLength(bytes.readUInt16LE(at + 4), bytes.length);
    const nameLength = bytes[at + 6]!;
    if (length < headerSize + nameLength || length % 4 !== 0 || at + length > bytes.length) {
      throw damaged(`an entry of directory inode ${directory} reaches beyond its block`);
    }
    if (inode !== 0) {
      const name = bytes.toString('latin1', at + headerSize, at + headerSize + nameLength);
      if (name === '' || /[/\0]/.test(name)) throw damaged(`directory inode ${directory} has a name that is none`);
      yield [name, inode];
    }
    at += length;
  }
}

/** In blocks of 64 KiB the length of an entry over all of one has no room in its 16 bits. */
function entryLength(written: number, blockSize: number): number {
  return blockSize === 1 << 16 && (written === 0 || written === 0xffff) ? blockSize : written;
}
