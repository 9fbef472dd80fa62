import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Inode, Node, Tree } from './merge.ts';
import { blockSize } from './tar-header.ts';
import { changedHeader, endOfTar } from './tar-write.ts';

/** A part of the merged tar: bytes as they stand in a layer, or bytes made here. */
export type Piece = { readonly file: string; readonly start: number; readonly end: number } | { readonly bytes: Buffer };

const chunkSize = 1 << 20;

/**
 * The merged tree as the pieces of one tar: sorted by path, a directory before what is in it, content before the hard links to it.
 * Entries are copied as they stand; only a file whose first name was removed or comes later gets a new header.
 */
export function mergedPieces(tree: Tree): Piece[] {
  const pieces: Piece[] = [];
  const firstNames = new Map<Inode, string>();
  if (tree.root) append(pieces, whole(tree.root));
  const walk = (children: ReadonlyMap<string, Node>, above: string): void => {
    for (const name of [...children.keys()].toSorted(byBytes)) {
      const node = children.get(name)!;
      const path = above + name;
      append(pieces, ...piecesOf(node, path, firstNames));
      walk(node.children, `${path}/`);
    }
  };
  walk(tree.children, '');
  pieces.push({ bytes: endOfTar });
  return pieces;
}

/** The bytes of all pieces. */
export function totalBytes(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes.length : piece.end - piece.start), 0);
}

/** The pieces one after another, as a stream of bytes; `onBytes` hears of each part as it is read. */
export function pieceStream(pieces: readonly Piece[], onBytes?: (bytes: number) => void): Readable {
  return Readable.from(chunks(pieces, onBytes), { objectMode: false, highWaterMark: chunkSize });
}

function piecesOf({ inode, entry }: Node, path: string, firstNames: Map<Inode, string>): Piece[] {
  const first = firstNames.get(inode);
  const content = inode.entry;
  if (first === undefined) {
    firstNames.set(inode, path);
    if (content === entry) return [whole(inode)];
    const symlink = content.type === 'symlink' ? { symlinkTo: content.target } : {};
    const bytes = changedHeader(headerOf(inode), { path, records: content.records, ...symlink });
    return [{ bytes }, { file: inode.file, start: content.data, end: content.end }];
  }
  return [{ bytes: changedHeader(headerOf(inode), { path, records: content.records, linkTo: first }) }];
}

function whole({ file, entry }: Inode): Piece {
  return { file, start: entry.start, end: entry.end };
}

/** Adds pieces; what follows its neighbour in the same file becomes one with it, so that a layer is read in long runs. */
function append(pieces: Piece[], ...more: readonly Piece[]): void {
  for (const piece of more) {
    const last = pieces.at(-1);
    if (last && 'file' in last && 'file' in piece && last.file === piece.file && last.end === piece.start) {
      pieces[pieces.length - 1] = { file: last.file, start: last.start, end: piece.end };
    } else {
      pieces.push(piece);
    }
  }
}

/** Rare, so the file is opened for each. */
function headerOf({ file, entry }: Inode): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const block = Buffer.alloc(blockSize);
    readSync(descriptor, block, 0, blockSize, entry.header);
    return block;
  } finally {
    closeSync(descriptor);
  }
}

async function* chunks(pieces: readonly Piece[], onBytes?: (bytes: number) => void): AsyncGenerator<Buffer> {
  const handles = new Map<string, FileHandle>();
  try {
    for (const piece of pieces) {
      if ('bytes' in piece) {
        yield piece.bytes;
        continue;
      }
      const handle = handles.get(piece.file) ?? (await open(piece.file, 'r'));
      handles.set(piece.file, handle);
      for (let position = piece.start; position < piece.end;) {
        const buffer = Buffer.allocUnsafe(Math.min(chunkSize, piece.end - position));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) throw new Error(`${piece.file} became shorter while it was read`);
        yield buffer.subarray(0, bytesRead);
        position += bytesRead;
        onBytes?.(bytesRead);
      }
    }
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
}

/** Names are strings of bytes, so that their order is that of the bytes. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
