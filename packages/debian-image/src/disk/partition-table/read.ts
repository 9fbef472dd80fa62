import type { ReadAt } from '../read-at.ts';
import { readGpt } from './gpt-read.ts';
import type { Layout } from './layout.ts';
import { readMbr } from './mbr-read.ts';

/**
 * The partition table of a disk with sectors of 512 bytes, partitions by number; undefined where there is none that can be trusted. Safe on
 * any bytes: what is read is bounded, and every partition given lies within the disk.
 */
export function readTable(disk: ReadAt): Layout | undefined {
  const mbr = readMbr(disk);
  if (!mbr) return undefined;
  // A GPT behind an MBR that does not protect it is a leftover.
  return mbr.partitions.some(({ type }) => type === 'ee') ? readGpt(disk) : mbr;
}
