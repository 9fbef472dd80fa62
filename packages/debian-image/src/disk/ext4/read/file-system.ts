import type { ReadAt } from '../../read-at.ts';
import { type Inode, inodeReader } from './inode.ts';
import { openVolume, type Volume } from './volume.ts';

/** An ext2, ext3 or ext4 file system that can be read. */
export interface FileSystem extends Volume {
  inode(number: number): Inode;
}

/**
 * Opens the file system that begins at byte `start` and has `size` bytes of room. Sources: the kernel's Documentation/filesystems/ext4 and
 * lib/ext2fs/ext2_fs.h of e2fsprogs. Safe on any bytes: all that follows from them is a result or a Failure `invalid`, in bounded time.
 */
export function openFileSystem(bytes: ReadAt, start: number, size: number): FileSystem {
  const volume = openVolume(bytes, start, size);
  return { ...volume, inode: inodeReader(volume) };
}
