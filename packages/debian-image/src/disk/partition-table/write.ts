import { open, truncate } from 'node:fs/promises';
import { gptBlocks } from './gpt-write.ts';
import type { Layout } from './layout.ts';
import { mbrBlock } from './mbr-write.ts';

/** Bytes and where on the disk they go. */
export interface DiskBytes {
  readonly position: number;
  readonly bytes: Buffer;
}

/** A layout as the bytes to write. */
export function tableBytes(layout: Layout): DiskBytes[] {
  return layout.table === 'gpt' ? gptBlocks(layout) : [{ position: 0, bytes: mbrBlock(layout) }];
}

/** Gives a disk file its size and its partition table; what is in the partitions stays as it is. */
export function writeTable(path: string, layout: Layout): Promise<void> {
  return writeBytes(path, layout.diskBytes, tableBytes(layout));
}

/** Gives a disk file a size and writes some bytes of it; all others stay as they are. */
export async function writeBytes(path: string, diskBytes: number, changes: readonly DiskBytes[]): Promise<void> {
  await truncate(path, diskBytes);
  await patchBytes(path, changes);
}

/** Writes some bytes of a file; all others stay as they are. */
export async function patchBytes(path: string, changes: readonly DiskBytes[]): Promise<void> {
  const file = await open(path, 'r+');
  try {
    for (const { position, bytes } of changes) await file.write(bytes, 0, bytes.length, position);
  } finally {
    await file.close();
  }
}
