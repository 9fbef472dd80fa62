import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { formatBytes } from '@nx-debian-image/report';
import { explainNoSpace } from '../../blocks/sparse.ts';
import { type NewEntry, entryHeader } from '../../layers/tar-entry.ts';
import { padded } from '../../layers/tar-header.ts';
import { endOfTar } from '../../layers/tar-write.ts';
import { attributesOf } from './attributes.ts';
import { contentOf, linkTarget } from './content.ts';
import { unsupported } from './damaged.ts';
import type { FileSystem } from './file-system.ts';
import { deviceNumbers, type Inode } from './inode.ts';
import { walk, type WalkedEntry } from './walk.ts';

/** A tar has its holes as zeros, through which others must read: no more of them than this beside what the file system can hold. */
const mostHoles = 2 ** 34;

/** Names of attributes that a record of a tar and a command of debugfs can hold. */
const tellableName = /^[\w.:@+-]+$/;

/**
 * Writes all files of a file system into a new tar file, in the order of `walk`, holes as holes. Sockets are left out, for they are nothing
 * without the process that made them. Failures: `invalid` where it is damaged, `no-space`.
 */
export function writeTar(fileSystem: FileSystem, path: string): void {
  const { blocks, blockSize } = fileSystem.layout;
  let holes = mostHoles + blocks * blockSize;
  const file = openSync(path, 'wx', 0o600);
  let position = 0;
  const write = (bytes: Buffer, at: number): void => {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done);
  };
  try {
    for (const walked of walk(fileSystem)) {
      if (walked.inode.type === 'socket') continue;
      const entry = entryOf(fileSystem, walked);
      const header = entryHeader(entry);
      write(header, position);
      position += header.length;
      holes -= entry.size;
      if (holes < 0) throw unsupported(`has files with more than ${formatBytes(mostHoles)} of holes, such as /${walked.path}`);
      if (entry.type === 'file') for (const chunk of contentOf(fileSystem, walked.inode)) write(chunk.bytes, position + chunk.position);
      position += padded(entry.size);
    }
    write(endOfTar, position);
    ftruncateSync(file, position + endOfTar.length);
  } catch (error) {
    throw explainNoSpace(error);
  } finally {
    closeSync(file);
  }
}

/** What is kept of a file, as it goes into the tar. */
export function entryOf(fileSystem: FileSystem, { path, inode, first }: WalkedEntry): NewEntry {
  const { mode, uid, gid, mtime } = inode;
  const same = { path, mode, uid, gid, mtime, size: 0 };
  if (first !== undefined) return { ...same, type: 'link', target: first, attributes: new Map() };
  const attributes = attributesOf(fileSystem, inode);
  const strange = [...attributes.keys()].find((name) => !tellableName.test(name));
  if (strange !== undefined) throw unsupported(`has an attribute of the name ${JSON.stringify(strange)}`);
  return { ...same, ...ownOf(fileSystem, inode), attributes };
}

function ownOf(fileSystem: FileSystem, inode: Inode): Pick<NewEntry, 'type'> & Partial<NewEntry> {
  switch (inode.type) {
    case 'file':
      return { type: 'file', size: inode.size };
    case 'symlink':
      return { type: 'symlink', target: linkTarget(fileSystem, inode) };
    case 'character':
    case 'block':
      return { type: inode.type, device: deviceNumbers(inode) };
    case 'directory':
    case 'fifo':
      return { type: inode.type };
    case 'socket':
      throw new Error('a socket has no place in a tar');
  }
}
