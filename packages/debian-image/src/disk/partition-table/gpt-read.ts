import { crc32 } from 'node:zlib';
import type { ReadAt } from '../read-at.ts';
import { guidText } from './guid.ts';
import { type Layout, type Partition, sectorSize } from './layout.ts';

/** More entries than any tool makes; the standard says 128 at least. */
const mostEntries = 1024;
const mostEntrySize = 4096;
const unused = '00000000-0000-0000-0000-000000000000';

/** The bytes of a GPT whose sums are right. */
export interface GptParts {
  readonly header: Buffer;
  readonly headerBytes: number;
  readonly entries: Buffer;
  readonly entrySize: number;
}

/** Reads a GPT, or its copy at the end of the disk where the first is damaged. */
export function readGpt(disk: ReadAt): Layout | undefined {
  const parts = gptParts(disk);
  if (!parts) return undefined;
  const partitions = partitionsOf(parts.entries, parts.entrySize, disk.size);
  return partitions && { table: 'gpt', id: guidText(parts.header.subarray(56, 72)), diskBytes: disk.size, partitions };
}

/** A GPT, or its copy, as it is on the disk; undefined where neither is whole (UEFI 2.10, 5.3.2: signature and both CRCs). */
export function gptParts(disk: ReadAt): GptParts | undefined {
  return partsAt(disk, 1) ?? partsAt(disk, Math.floor(disk.size / sectorSize) - 1);
}

function partsAt(disk: ReadAt, sector: number): GptParts | undefined {
  if (sector < 1) return undefined;
  const block = Buffer.from(disk.read(sector * sectorSize, sectorSize));
  if (block.length < sectorSize || block.toString('latin1', 0, 8) !== 'EFI PART') return undefined;
  const headerBytes = block.readUInt32LE(12);
  if (headerBytes < 92 || headerBytes > sectorSize || number(block, 24) !== sector) return undefined;
  const sum = block.readUInt32LE(16);
  block.writeUInt32LE(0, 16);
  if (crc32(block.subarray(0, headerBytes)) !== sum) return undefined;
  const count = block.readUInt32LE(80);
  const size = block.readUInt32LE(84);
  if (count > mostEntries || size < 128 || size > mostEntrySize || size % 8 !== 0) return undefined;
  const position = number(block, 72) * sectorSize;
  if (position + count * size > disk.size) return undefined;
  const entries = Buffer.from(disk.read(position, count * size));
  if (entries.length < count * size || crc32(entries) !== block.readUInt32LE(88)) return undefined;
  return { header: block, headerBytes, entries, entrySize: size };
}

function partitionsOf(entries: Buffer, entrySize: number, diskBytes: number): Partition[] | undefined {
  const partitions: Partition[] = [];
  for (let index = 0; (index + 1) * entrySize <= entries.length; index += 1) {
    const entry = entries.subarray(index * entrySize, (index + 1) * entrySize);
    const type = guidText(entry.subarray(0, 16));
    if (type === unused) continue;
    const start = number(entry, 32) * sectorSize;
    const end = (number(entry, 40) + 1) * sectorSize;
    if (!Number.isSafeInteger(end) || start < sectorSize || end <= start || end > diskBytes) return undefined;
    const name = entry.toString('utf16le', 56, 128).replace(/\0.*$/s, '');
    partitions.push({ number: index + 1, name, type, guid: guidText(entry.subarray(16, 32)), start, size: end - start });
  }
  return partitions;
}

function number(block: Buffer, at: number): number {
  return Number(block.readBigUInt64LE(at));
}
