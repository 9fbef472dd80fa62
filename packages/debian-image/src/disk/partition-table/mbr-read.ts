import type { ReadAt } from '../read-at.ts';
import { type Layout, type Partition, sectorSize } from './layout.ts';
import { mbrEntriesPosition, mbrEntrySize, mbrIdPosition } from './mbr-write.ts';

interface Entry {
  readonly type: number;
  readonly start: number;
  readonly size: number;
}

/** Types of an extended partition: by CHS, by LBA, and Linux' own. */
const extendedTypes: ReadonlySet<number> = new Set([0x05, 0x0f, 0x85]);
/** More logical partitions than Linux gives names to; also what ends a chain that goes round. */
const mostLogical = 128;

/**
 * Reads an MBR with its logical partitions, which have numbers from 5 on. An entry that leads out of the disk makes it undefined,
 * as does a boot sector of a file system, which looks like an MBR but for its entries.
 */
export function readMbr(disk: ReadAt): Layout | undefined {
  const block = Buffer.from(disk.read(0, sectorSize));
  const entries = entriesOf(block);
  if (!entries) return undefined;
  const partitions: Partition[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.type === 0) continue;
    // A protective entry may say more than the disk has.
    if (entry.type !== 0xee && (entry.start === 0 || entry.size === 0 || entry.start + entry.size > disk.size)) return undefined;
    partitions.push(partition(index + 1, entry));
  }
  const extended = entries.find(({ type }) => extendedTypes.has(type));
  if (extended) {
    const logical = logicalPartitions(disk, extended);
    if (!logical) return undefined;
    partitions.push(...logical);
  }
  return { table: 'mbr', id: block.readUInt32LE(mbrIdPosition).toString(16).padStart(8, '0'), diskBytes: disk.size, partitions };
}

/** Follows the chain of boot records: the first entry is a partition from here, the second the next record from the chain's begin. */
function logicalPartitions(disk: ReadAt, extended: Entry): Partition[] | undefined {
  const partitions: Partition[] = [];
  const end = extended.start + extended.size;
  let record = extended.start;
  for (let steps = 0; steps < mostLogical; steps += 1) {
    const entries = entriesOf(disk.read(record, sectorSize));
    if (!entries) return undefined;
    const [own, next] = entries as [Entry, Entry, ...Entry[]];
    if (own.type !== 0) {
      const start = record + own.start;
      if (own.start === 0 || own.size === 0 || start + own.size > end) return undefined;
      partitions.push(partition(partitions.length + 5, { ...own, start }));
    }
    if (next.type === 0) return partitions;
    record = extended.start + next.start;
    if (!extendedTypes.has(next.type) || record + sectorSize > end) return undefined;
  }
  return undefined;
}

function entriesOf(block: Buffer): Entry[] | undefined {
  if (block.length < sectorSize || block.readUInt16LE(510) !== 0xaa55) return undefined;
  const entries: Entry[] = [];
  for (let index = 0; index < 4; index += 1) {
    const at = mbrEntriesPosition + index * mbrEntrySize;
    if (block[at] !== 0 && block[at] !== 0x80) return undefined;
    entries.push({ type: block[at + 4]!, start: block.readUInt32LE(at + 8) * sectorSize, size: block.readUInt32LE(at + 12) * sectorSize });
  }
  return entries;
}

function partition(number: number, { type, start, size }: Entry): Partition {
  return { number, name: '', type: type.toString(16).padStart(2, '0'), start, size };
}
