import { type Layout, sectorSize } from './layout.ts';

/** Where the disk's identifier and the four entries are in sector 0. */
export const mbrIdPosition = 0x1b8;
export const mbrEntriesPosition = 0x1be;
export const mbrEntrySize = 16;
const largestField = 0xffffffff;

/** Sector 0 of an MBR disk, its boot code empty. The root is marked active, as some BIOSes boot nothing else. */
export function mbrBlock({ id, partitions }: Layout): Buffer {
  const block = emptyMbr();
  block.writeUInt32LE(Number.parseInt(id, 16), mbrIdPosition);
  for (const { number, type, start, size } of partitions) {
    writeEntry(block, number, {
      active: number === 1,
      type: Number.parseInt(type, 16),
      sector: start / sectorSize,
      sectors: size / sectorSize,
    });
  }
  return block;
}

/** Sector 0 of a GPT disk: one partition over all of it, so that tools that know no GPT keep their hands off (UEFI 2.10, 5.2.3). */
export function protectiveMbr(diskBytes: number): Buffer {
  const block = emptyMbr();
  const sectors = Math.min(diskBytes / sectorSize - 1, largestField);
  writeEntry(block, 1, { active: false, type: 0xee, sector: 1, sectors });
  return block;
}

function emptyMbr(): Buffer {
  const block = Buffer.alloc(sectorSize);
  block.writeUInt16LE(0xaa55, 510);
  return block;
}

/** Gives a partition of a sector 0 another end; what else it has, such as boot code, stays. */
export function changeMbrSize(block: Buffer, number: number, sectors: number): void {
  const at = mbrEntriesPosition + (number - 1) * mbrEntrySize;
  const type = block[at + 4];
  block.writeUIntLE(type === 0xee ? 0xffffff : 0xfffffe, at + 5, 3);
  block.writeUInt32LE(Math.min(sectors, largestField), at + 12);
}

interface Entry {
  readonly active: boolean;
  readonly type: number;
  readonly sector: number;
  readonly sectors: number;
}

function writeEntry(block: Buffer, number: number, { active, type, sector, sectors }: Entry): void {
  const at = mbrEntriesPosition + (number - 1) * mbrEntrySize;
  block[at] = active ? 0x80 : 0;
  // Cylinder, head and sector as "beyond what they can say": the sector numbers count.
  block.writeUIntLE(type === 0xee ? 0x000200 : 0xfffffe, at + 1, 3);
  block[at + 4] = type;
  block.writeUIntLE(type === 0xee ? 0xffffff : 0xfffffe, at + 5, 3);
  block.writeUInt32LE(sector, at + 8);
  block.writeUInt32LE(sectors, at + 12);
}
