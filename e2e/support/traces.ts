import { closeSync, openSync, readSync } from 'node:fs';
import { zstdOrPlain } from './unzstd.ts';
import { type Inode, mergeLayers, type Node } from '../../packages/debian-image/src/disk/layers/merge.ts';
import { indexTar } from '../../packages/debian-image/src/disk/layers/tar-index.ts';

/** What to look for in a tree. */
export interface Wanted {
  /** Words of the building machine that stand nowhere else: looked for in names and in all bytes, those of the initial ramdisk too. */
  readonly words: readonly string[];
  /** Seconds since 1970; a younger file is a trace of when it was built. */
  readonly epoch: number;
}

/** The traces of a building machine in the tree of some layers, lowest first: a line `PATH: WHAT` for each. */
export async function tracesIn(layers: readonly string[], { words, epoch }: Wanted): Promise<string[]> {
  const tree = mergeLayers(layers.map(indexTar));
  const found: string[] = [];
  for (const [path, inode] of filesOf(tree.children)) {
    const time = timeOf(inode);
    if (time > epoch) found.push(`${path}: made ${time - epoch} s after the epoch`);
    const bytes = inode.entry.type === 'file' ? await zstdOrPlain(path, read(inode, inode.entry.data, inode.entry.size)) : Buffer.alloc(0);
    for (const word of words) {
      if ([path, inode.entry.target].some((name) => name.includes(word))) found.push(`${path}: its name has ${word}`);
      if (bytes.includes(word)) found.push(`${path}: it has ${word}`);
    }
  }
  return found;
}

/** The content of a file in the tree of some layers; undefined where there is none. */
export function readIn(layers: readonly string[], path: string): string | undefined {
  let node: Node | undefined;
  let { children } = mergeLayers(layers.map(indexTar)) as { children: Map<string, Node> };
  for (const part of path.split('/')) {
    node = children.get(part);
    if (node === undefined) return undefined;
    children = node.children;
  }
  return node && read(node.inode, node.inode.entry.data, node.inode.entry.size).toString('utf8');
}

function* filesOf(children: ReadonlyMap<string, Node>, above = ''): Generator<[string, Inode]> {
  for (const [name, node] of children) {
    yield [`${above}${name}`, node.inode];
    yield* filesOf(node.children, `${above}${name}/`);
  }
}

/** The time of an entry: octal at 136 of its header (POSIX.1-2024, pax, "ustar Interchange Format"), or its pax record. */
function timeOf(inode: Inode): number {
  const record = inode.entry.records.get('mtime');
  return record === undefined ? Number.parseInt(read(inode, inode.entry.header + 136, 11).toString('latin1'), 8) : Number(record);
}

function read({ file }: Inode, position: number, size: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(size);
    readSync(descriptor, bytes, 0, size, position);
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
