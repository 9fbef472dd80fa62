import { blockSize, type EntryType } from '../layers/tar-header.ts';
import { indexTar, type TarEntry } from '../layers/tar-index.ts';
import { type ReadAt, withFile } from '../read-at.ts';
import { firstDifference } from './bytes.ts';

/** A file in which two layers differ, and in what. */
export interface TarDifference {
  /** The path as a person reads it. */
  readonly path: string;
  readonly type: EntryType;
  /** Such as `the time: 1700000000 and 1700000001`. */
  readonly what: string;
  /** Where its bytes are in each tar, when only these differ. */
  readonly contents?: readonly [TarEntry, TarEntry];
}

/** Where a header says what, in bytes (POSIX.1-2024, pax, "ustar Interchange Format"). */
const fields = [
  { name: 'the mode', start: 100, length: 8 },
  { name: 'the owner', start: 108, length: 8 },
  { name: 'the group', start: 116, length: 8 },
  { name: 'the time', start: 136, length: 12, decimal: true },
  { name: 'the kind', start: 156, length: 1 },
  { name: 'where it points', start: 157, length: 100 },
  { name: 'the device', start: 329, length: 16 },
] as const;

/**
 * In what two layers differ, file by file, sorted by path; where all files are alike yet the bytes are not, the first one that stands
 * elsewhere. Failure `invalid`: see `indexTar`.
 */
export function compareTars(first: string, second: string): TarDifference[] {
  const [inFirst, inSecond] = [indexTar(first).entries, indexTar(second).entries];
  const others = new Map(inSecond.map((entry) => [entry.path, entry]));
  const names = new Set(inFirst.map(({ path }) => path));
  const found: TarDifference[] = withFile(first, (a) =>
    withFile(second, (b) =>
      inFirst.flatMap((entry) => {
        const other = others.get(entry.path);
        return other === undefined ? [only(entry, 'first')] : compareEntries(entry, a, other, b);
      }),
    ),
  );
  found.push(...inSecond.filter(({ path }) => !names.has(path)).map((entry) => only(entry, 'second')));
  if (found.length > 0) return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const moved = inFirst.find((entry, index) => entry.path !== inSecond[index]?.path);
  return moved === undefined ? [] : [{ path: printable(moved.path), type: moved.type, what: 'its place among the others' }];
}

function only({ path, type }: TarEntry, where: string): TarDifference {
  return { path: printable(path), type, what: `it is only in the ${where}` };
}

function compareEntries(entry: TarEntry, a: ReadAt, other: TarEntry, b: ReadAt): TarDifference[] {
  const [left, right] = [Buffer.from(a.read(entry.header, blockSize)), Buffer.from(b.read(other.header, blockSize))];
  const told = { path: printable(entry.path), type: entry.type };
  for (const field of fields) {
    const [one, two] = [left, right].map((header) => text(header, field));
    if (one !== two) return [{ ...told, what: `${field.name}: ${one} and ${two}` }];
  }
  const [records, otherRecords] = [recordsOf(entry), recordsOf(other)];
  if (records !== otherRecords) return [{ ...told, what: `its attributes: ${records} and ${otherRecords}` }];
  const at = firstDifference(a, b, { start: entry.data, size: entry.size }, { start: other.data, size: other.size });
  if (at === undefined) return [];
  const sizes = entry.size === other.size ? '' : `, ${entry.size} and ${other.size} bytes`;
  return [{ ...told, what: `its content from byte ${at} on${sizes}`, contents: [entry, other] }];
}

function text(header: Buffer, { start, length, ...field }: (typeof fields)[number]): string {
  const words = header
    .toString('latin1', start, start + length)
    .replaceAll('\0', '')
    .trim();
  return 'decimal' in field ? String(Number.parseInt(words, 8)) : words;
}

function recordsOf({ records }: TarEntry): string {
  const entries = [...records].filter(([key]) => key !== 'path').toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(' ') || 'none';
}

function printable(path: string): string {
  return path === '' ? '/' : Buffer.from(path, 'latin1').toString('utf8');
}
