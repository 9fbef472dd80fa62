import { crc32 } from 'node:zlib';
import type { ReadAt } from '../read-at.ts';
import { gptParts } from './gpt-read.ts';
import { align, type Layout, type Partition, sectorSize } from './layout.ts';
import { readMbr } from './mbr-read.ts';
import { changeMbrSize } from './mbr-write.ts';
import type { DiskBytes } from './write.ts';

/** A disk after its last partition became shorter. */
export interface Shortened {
  readonly diskBytes: number;
  /** What to write into its table; all other bytes of it stay: boot code, flags, identifiers. */
  readonly changes: readonly DiskBytes[];
}

/** Behind the last partition of a GPT there is room for its copy. */
const roomForCopy = 1 << 20;

/**
 * The table of a disk whose last partition is given `bytes`, and whose end follows it. Undefined where that cannot be: another partition lies
 * behind it, or it lies in an extended one.
 */
export function shortenLast(disk: ReadAt, layout: Layout, partition: Partition, bytes: number): Shortened | undefined {
  if (layout.partitions.some(({ start }) => start > partition.start)) return undefined;
  const size = Math.ceil(bytes / sectorSize) * sectorSize;
  const end = align(partition.start + size);
  if (layout.table === 'gpt') return shortenGpt(disk, { ...partition, size }, end + roomForCopy);
  if (partition.number > 4) return undefined;
  const block = Buffer.from(disk.read(0, sectorSize));
  changeMbrSize(block, partition.number, size / sectorSize);
  return { diskBytes: end, changes: [{ position: 0, bytes: block }] };
}

/** Header and entries of UEFI 2.10, 5.3.2 and 5.3.3, with another end of the disk and of one partition. */
function shortenGpt(disk: ReadAt, { number, start, size }: Partition, diskBytes: number): Shortened | undefined {
  const parts = gptParts(disk);
  if (!parts) return undefined;
  const { header, headerBytes, entries, entrySize } = parts;
  entries.writeBigUInt64LE(BigInt((start + size) / sectorSize - 1), (number - 1) * entrySize + 40);
  const last = diskBytes / sectorSize - 1;
  const copyAt = last - Math.ceil(entries.length / sectorSize);
  const sealed = (own: number, other: number, entriesAt: number): Buffer => {
    const block = Buffer.from(header);
    block.writeBigUInt64LE(BigInt(own), 24);
    block.writeBigUInt64LE(BigInt(other), 32);
    block.writeBigUInt64LE(BigInt(copyAt - 1), 48);
    block.writeBigUInt64LE(BigInt(entriesAt), 72);
    block.writeUInt32LE(crc32(entries), 88);
    block.writeUInt32LE(0, 16);
    block.writeUInt32LE(crc32(block.subarray(0, headerBytes)), 16);
    return block;
  };
  const protective = Buffer.from(disk.read(0, sectorSize));
  const inMbr = readMbr(disk)?.partitions.find(({ type }) => type === 'ee');
  if (inMbr) changeMbrSize(protective, inMbr.number, last);
  return {
    diskBytes,
    changes: [
      { position: 0, bytes: protective },
      { position: sectorSize, bytes: sealed(1, last, 2) },
      { position: 2 * sectorSize, bytes: entries },
      { position: copyAt * sectorSize, bytes: entries },
      { position: last * sectorSize, bytes: sealed(last, 1, copyAt) },
    ],
  };
}
