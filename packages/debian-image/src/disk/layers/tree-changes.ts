import { type ReadAt, withFile } from '../read-at.ts';
import type { Inode, Node, Tree } from './merge.ts';
import { blockSize } from './tar-header.ts';

/** How a name differs between two trees; sizes in bytes of content, null where it is not there. */
export interface FileChange {
  readonly path: string;
  /** `changed`: other content, type, target, mode, owner or attributes. Times do not count. */
  readonly change: 'added' | 'removed' | 'changed';
  readonly old: number | null;
  readonly new: number | null;
}

const chunkSize = 1 << 16;

type Readers = ReadonlyMap<string, ReadAt>;

/** What leads from one tree to another, by path; what lies in both at the same place of the same layer is not read. */
export function treeChanges(before: Tree, after: Tree): FileChange[] {
  const [left, right] = [inodesOf(before), inodesOf(after)];
  const files = [...new Set([...left.values(), ...right.values()].map(({ file }) => file))];
  return withFiles(files, new Map(), (readers) => {
    const paths = [...new Set([...left.keys(), ...right.keys()])].toSorted();
    return paths.flatMap((path) => {
      const [old, next] = [left.get(path), right.get(path)];
      if (old !== undefined && next !== undefined && areAlike(old, next, readers)) return [];
      const change = old === undefined ? 'added' : next === undefined ? 'removed' : 'changed';
      return [{ path: Buffer.from(path, 'latin1').toString('utf8'), change, old: old?.entry.size ?? null, new: next?.entry.size ?? null }];
    });
  });
}

function inodesOf(tree: Tree): Map<string, Inode> {
  const found = new Map<string, Inode>();
  const walk = (children: ReadonlyMap<string, Node>, above: string): void => {
    for (const [name, node] of children) {
      found.set(`${above}/${name}`, node.inode);
      walk(node.children, `${above}/${name}`);
    }
  };
  walk(tree.children, '');
  return found;
}

function withFiles<T>(files: readonly string[], readers: Map<string, ReadAt>, use: (readers: Readers) => T): T {
  const [file, ...others] = files;
  if (file === undefined) return use(readers);
  return withFile(file, (reader) => withFiles(others, readers.set(file, reader), use));
}

function areAlike(a: Inode, b: Inode, readers: Readers): boolean {
  if (a.file === b.file && a.entry.header === b.entry.header) return true;
  const [left, right] = [a.entry, b.entry];
  if (left.type !== right.type || left.size !== right.size || left.target !== right.target) return false;
  const [one, other] = [readers.get(a.file)!, readers.get(b.file)!];
  if (metadata(one, left.header) !== metadata(other, right.header)) return false;
  if (attributes(left.records) !== attributes(right.records)) return false;
  for (let position = 0; position < left.size; position += chunkSize) {
    const length = Math.min(chunkSize, left.size - position);
    // both may be of one file, whose reader gives one piece at a time
    const piece = Buffer.from(one.read(left.data + position, length));
    if (!piece.equals(other.read(right.data + position, length))) return false;
  }
  return true;
}

/** Mode, owner, group and device numbers as numbers: they stand in octal at 100, 108, 116, 329 and 337 of a header. */
function metadata(reader: ReadAt, header: number): string {
  const block = reader.read(header, blockSize);
  return [100, 108, 116, 329, 337].map((at) => Number.parseInt(block.toString('latin1', at, at + 8), 8) || 0).join(' ');
}

function attributes(records: ReadonlyMap<string, string>): string {
  return JSON.stringify([...records].filter(([key]) => key.startsWith('SCHILY.xattr.')).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
