import { uuidFrom } from '../identity.ts';
import { type TypeName, typeCode } from './types.ts';

export type TableKind = 'gpt' | 'mbr';

/** A partition; `start` and `size` in bytes. */
export interface Partition {
  /** As in /dev/vda1: its place in the table. */
  readonly number: number;
  /** GPT's own name for it; empty where there is none. */
  readonly name: string;
  /** A GUID in lower case (GPT), or two hexadecimal digits (MBR). */
  readonly type: string;
  /** GPT: the partition's GUID in lower case. */
  readonly guid?: string;
  readonly start: number;
  readonly size: number;
}

/** A partition table with nothing left to decide. */
export interface Layout {
  readonly table: TableKind;
  /** GPT: a GUID; MBR: eight hexadecimal digits. */
  readonly id: string;
  readonly diskBytes: number;
  readonly partitions: readonly Partition[];
}

export interface LayoutWish {
  readonly table: TableKind;
  readonly rootBytes: number;
  /** Partitions before the root, in the order they have on the disk. */
  readonly before?: readonly { readonly type: Exclude<TypeName, 'root'>; readonly bytes: number }[];
  /** What the identifiers follow from. */
  readonly seed: string;
}

/** Where partitions begin, and what a disk is a multiple of: what all partitioning tools use today. */
const alignment = 1 << 20;
export const sectorSize = 512;

/** Numbers as in Debian's own cloud images: the root is 1 although it comes last on the disk. */
const gptNumbers: Readonly<Record<TypeName, number>> = { root: 1, 'bios-boot': 14, esp: 15 };

/**
 * The layout of a disk with a root that comes last, so that it can grow. A GPT has its copy in the last 33 sectors, for which there is a
 * mebibyte more.
 */
export function planLayout({ table, rootBytes, before = [], seed }: LayoutWish): Layout {
  const partitions: Partition[] = [];
  let start = alignment;
  for (const [index, { type, bytes }] of [...before, { type: 'root' as const, bytes: rootBytes }].entries()) {
    const mbrNumber = type === 'root' ? 1 : index + 2;
    partitions.push({
      number: table === 'gpt' ? gptNumbers[type] : mbrNumber,
      name: table === 'gpt' ? type : '',
      type: typeCode(table, type),
      ...(table === 'gpt' ? { guid: uuidFrom(seed, `partition ${type}`) } : {}),
      start,
      size: Math.ceil(bytes / sectorSize) * sectorSize,
    });
    start = align(start + bytes);
  }
  const id = uuidFrom(seed, 'disk');
  return {
    table,
    id: table === 'gpt' ? id : id.slice(0, 8),
    diskBytes: table === 'gpt' ? start + alignment : start,
    partitions: partitions.toSorted((a, b) => a.number - b.number),
  };
}

/** Where the root begins, which does not depend on its size. */
export function rootOf({ partitions }: Layout): Partition {
  return partitions.find(({ number }) => number === 1)!;
}

/** The next whole mebibyte. */
export function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
