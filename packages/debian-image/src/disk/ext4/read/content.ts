import { damaged } from './damaged.ts';
import type { FileSystem } from './file-system.ts';
import { inlineContent } from './inline.ts';
import { type Inode, inodeFlag } from './inode.ts';
import { type Chunk, chunksOf, gather } from './runs.ts';

/** A symbolic link up to this length is kept in the inode. */
const longestInInode = 59;

/** The content of a file without its holes, in order. Failure `invalid`. */
export function* contentOf(fileSystem: FileSystem, inode: Inode): Generator<Chunk> {
  if (inode.flags & inodeFlag.encrypted) throw damaged(`the content of inode ${inode.number} is encrypted`);
  if (inode.flags & inodeFlag.inline) yield { position: 0, bytes: inlineContent(fileSystem, inode) };
  else yield* chunksOf(fileSystem, inode);
}

/** What a symbolic link says, as a string of bytes. Failure `invalid`. */
export function linkTarget(fileSystem: FileSystem, inode: Inode): string {
  const short = inode.size <= longestInInode && (inode.flags & (inodeFlag.extents | inodeFlag.inline)) === 0;
  const limit = fileSystem.layout.blockSize;
  const bytes = short ? inode.map.subarray(0, inode.size) : gather(contentOf(fileSystem, inode), inode, limit);
  if (bytes.length === 0 || bytes.includes(0)) throw damaged(`the symbolic link of inode ${inode.number} leads nowhere`);
  return bytes.toString('latin1');
}
