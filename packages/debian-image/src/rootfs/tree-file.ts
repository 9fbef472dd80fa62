import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { nodeAt } from '../disk/layers/merge.ts';
import { openLayers } from '../disk/layers/open-layers.ts';
import { withFile } from '../disk/read-at.ts';

/** What a plain file of a tree holds; undefined where the tree has none of that path, which has no `/` before. Failures: those of `openLayers`. */
export async function readTreeFile(layers: readonly Descriptor[], path: string, store: Store): Promise<Buffer | undefined> {
  const inode = nodeAt(await openLayers(layers, store), path)?.inode;
  if (inode?.entry.type !== 'file') return undefined;
  return withFile(inode.file, (bytes) => readAll(bytes, inode.entry.data, inode.entry.size));
}

function readAll(bytes: { read(position: number, length: number): Buffer }, start: number, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let position = 0; position < size;) {
    const part = Buffer.from(bytes.read(start + position, Math.min(1 << 20, size - position)));
    if (part.length === 0) break;
    parts.push(part);
    position += part.length;
  }
  return Buffer.concat(parts);
}
