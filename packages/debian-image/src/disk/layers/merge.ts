import { Failure } from '@nx-debian-image/report';
import type { TarEntry, TarIndex } from './tar-index.ts';

/** What several names can share: the content and metadata of the entry that brought it. */
export interface Inode {
  readonly file: string;
  readonly entry: TarEntry;
}

/** A name in the merged tree. */
export interface Node {
  readonly inode: Inode;
  /** The entry that made this name: the inode's own, or a hard link to it. */
  readonly entry: TarEntry;
  readonly children: Map<string, Node>;
}

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/**
 * Lays tar layers upon one another, lowest first, as in https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md (whiteouts
 * `.wh.NAME` and `.wh..wh..opq` take effect on lower layers only). Fails as `invalid` where an entry has no directory to be in.
 */
export function mergeLayers(layers: readonly TarIndex[]): Tree {
  const tree: Tree = { root: undefined, children: new Map() };
  for (const { file, entries } of layers) {
    for (const entry of entries) if (baseName(entry.path).startsWith(whiteout)) remove(tree, entry.path, file);
    for (const entry of entries) if (!baseName(entry.path).startsWith(whiteout)) add(tree, file, entry);
  }
  return tree;
}

/** The tree of one tar as it stands, in which no name is a whiteout. Fails as `invalid` where an entry has no directory to be in. */
export function treeOf({ file, entries }: TarIndex): Tree {
  const tree: Tree = { root: undefined, children: new Map() };
  for (const entry of entries) add(tree, file, entry);
  return tree;
}

/** The merged tree; `root` is the entry of `/` itself, where a layer has one. */
export interface Tree {
  root: Inode | undefined;
  readonly children: Map<string, Node>;
}

function remove(tree: Tree, path: string, file: string): void {
  const siblings = childrenOf(tree, parentOf(path));
  if (baseName(path) === opaque) siblings?.clear();
  else if (baseName(path).startsWith('.wh..wh.')) throw invalid(file, path, 'is a whiteout of an unknown kind');
  else siblings?.delete(baseName(path).slice(whiteout.length));
}

function add(tree: Tree, file: string, entry: TarEntry): void {
  if (entry.path === '') {
    if (entry.type !== 'directory') throw invalid(file, '/', 'is not a directory');
    tree.root = { file, entry };
    return;
  }
  const siblings = childrenOf(tree, parentOf(entry.path));
  if (!siblings) throw invalid(file, entry.path, 'has no directory above it');
  const name = baseName(entry.path);
  const old = siblings.get(name);
  let inode: Inode = { file, entry };
  if (entry.type === 'link') {
    const target = nodeAt(tree, entry.target);
    if (!target || target.entry.type === 'directory')
      throw invalid(file, entry.path, `is a hard link to ${printablePath(entry.target)}, which is no file`);
    inode = target.inode;
  }
  const keep = entry.type === 'directory' && old?.entry.type === 'directory';
  siblings.set(name, { inode, entry, children: keep ? old.children : new Map<string, Node>() });
}

function childrenOf(tree: Tree, path: string): Map<string, Node> | undefined {
  if (path === '') return tree.children;
  const node = nodeAt(tree, path);
  return node?.entry.type === 'directory' ? node.children : undefined;
}

/** What a tree has at a path without `/` before; undefined where there is nothing. */
export function nodeAt(tree: Tree, path: string): Node | undefined {
  let children = tree.children;
  let node: Node | undefined;
  for (const part of path.split('/')) {
    node = children.get(part);
    if (!node) return undefined;
    children = node.children;
  }
  return node;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path of bytes as a person reads it. */
function printablePath(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

function invalid(file: string, path: string, what: string): Failure {
  return new Failure('invalid', `these layers cannot be laid upon one another: ${printablePath(path)} ${what}`, { where: file });
}
