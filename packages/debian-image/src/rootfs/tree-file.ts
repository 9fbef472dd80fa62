import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { indexTar } from '../disk/layers/tar-index.ts';
import { withFile } from '../disk/read-at.ts';

/** What a plain file of a tree holds, from the highest of its layers that has it; undefined where none has. Paths have no `/` before. */
export function readTreeFile(layers: readonly Descriptor[], path: string, store: Store): Buffer | undefined {
  for (const { digest } of layers.toReversed()) {
    const file = store.blobPath(digest);
    const entry = indexTar(file).entries.findLast((candidate) => candidate.path === path && candidate.type === 'file');
    if (entry !== undefined) return withFile(file, (bytes) => readAll(bytes, entry.data, entry.size));
  }
  return undefined;
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
