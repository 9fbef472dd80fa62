import { damaged } from './damaged.ts';
import { readDirectory } from './directory.ts';
import type { FileSystem } from './file-system.ts';
import { type Inode, rootInode } from './inode.ts';

/** A name in a file system. */
export interface WalkedEntry {
  /** From the root, as a string of bytes, without `/` before; the root itself is empty. */
  readonly path: string;
  readonly inode: Inode;
  /** The path under which the same file came before; it is a hard link then. */
  readonly first: string | undefined;
}

/** Four times PATH_MAX: deeper is no honest tree. */
const longestPath = 1 << 14;

/** Everything in a file system: a directory before what is in it, names in the order of their bytes. Failure `invalid`. */
export function* walk(fileSystem: FileSystem): Generator<WalkedEntry> {
  const seen = new Map<number, string>();
  const open: { readonly path: string; readonly number: number }[] = [{ path: '', number: rootInode }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, number } = next;
    const inode = fileSystem.inode(number);
    const first = seen.get(number);
    if (inode.type === 'directory' && first !== undefined) throw damaged(`directory inode ${number} has two names`);
    if (number === rootInode && inode.type !== 'directory') throw damaged('its root is no directory');
    if (path.length > longestPath) throw damaged('directories lie too deep in one another');
    if (first === undefined) seen.set(number, path);
    yield { path, inode, first };
    if (inode.type !== 'directory') continue;
    const names = [...readDirectory(fileSystem, inode)].toSorted(([a], [b]) => (a < b ? 1 : -1));
    for (const [name, below] of names) open.push({ path: path === '' ? name : `${path}/${name}`, number: below });
  }
}
