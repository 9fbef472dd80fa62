import { crc32 } from 'node:zlib';
import { guidBytes } from './guid.ts';
import { type Layout, sectorSize } from './layout.ts';
import { protectiveMbr } from './mbr-write.ts';
import type { DiskBytes } from './write.ts';

const entryCount = 128;
const entrySize = 128;
const entriesBytes = entryCount * entrySize;
const entriesSectors = entriesBytes / sectorSize;
const headerBytes = 92;
/** GPT's names have 36 UTF-16 units. */
const nameLength = 36;

/** A GPT, its copy at the end of the disk and the protective MBR (UEFI 2.10, 5.3). */
export function gptBlocks(layout: Layout): DiskBytes[] {
  const sectors = layout.diskBytes / sectorSize;
  const entries = entryArray(layout);
  const first = { header: 1, other: sectors - 1, entries: 2 };
  const copy = { header: sectors - 1, other: 1, entries: sectors - 1 - entriesSectors };
  return [
    { position: 0, bytes: protectiveMbr(layout.diskBytes) },
    { position: sectorSize, bytes: header(layout, entries, first) },
    { position: first.entries * sectorSize, bytes: entries },
    { position: copy.entries * sectorSize, bytes: entries },
    { position: copy.header * sectorSize, bytes: header(layout, entries, copy) },
  ];
}

function header({ id, diskBytes }: Layout, entries: Buffer, at: { header: number; other: number; entries: number }): Buffer {
  const block = Buffer.alloc(sectorSize);
  block.write('EFI PART', 0, 'latin1');
  block.writeUInt32LE(0x00010000, 8);
  block.writeUInt32LE(headerBytes, 12);
  block.writeBigUInt64LE(BigInt(at.header), 24);
  block.writeBigUInt64LE(BigInt(at.other), 32);
  block.writeBigUInt64LE(BigInt(2 + entriesSectors), 40);
  block.writeBigUInt64LE(BigInt(diskBytes / sectorSize - 2 - entriesSectors), 48);
  guidBytes(id).copy(block, 56);
  block.writeBigUInt64LE(BigInt(at.entries), 72);
  block.writeUInt32LE(entryCount, 80);
  block.writeUInt32LE(entrySize, 84);
  block.writeUInt32LE(crc32(entries), 88);
  block.writeUInt32LE(crc32(block.subarray(0, headerBytes)), 16);
  return block;
}

function entryArray({ partitions }: Layout): Buffer {
  const array = Buffer.alloc(entriesBytes);
  for (const { number, name, type, guid, start, size } of partitions) {
    const entry = array.subarray((number - 1) * entrySize, number * entrySize);
    guidBytes(type).copy(entry, 0);
    guidBytes(guid!).copy(entry, 16);
    entry.writeBigUInt64LE(BigInt(start / sectorSize), 32);
    entry.writeBigUInt64LE(BigInt((start + size) / sectorSize - 1), 40);
    entry.write(name.slice(0, nameLength), 56, 'utf16le');
  }
  return array;
}
