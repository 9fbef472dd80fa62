import { open } from 'node:fs/promises';
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
export async function writeTable(path: string, layout: Layout): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(layout.diskBytes);
    for (const { position, bytes } of tableBytes(layout)) await file.write(bytes, 0, bytes.length, position);
  } finally {
    await file.close();
  }
}
