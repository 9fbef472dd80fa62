/** What a tar entry is, of what a root file system can hold. */
export type EntryType = 'file' | 'link' | 'symlink' | 'character' | 'block' | 'directory' | 'fifo';

/** A tar header block. Names are strings of bytes (latin1), since a file name need not be UTF-8. */
export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  readonly size: number;
  /** The type flag as written: `0`, `5`, `x`, … */
  readonly flag: string;
}

/** Bytes of a header, and what data is padded to. */
export const blockSize = 512;

const types: Readonly<Record<string, EntryType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

/** The type that a flag stands for; undefined for one that holds no file (pax, GNU) or is not known. */
export function entryType(flag: string): EntryType | undefined {
  return types[flag];
}

/**
 * Reads a header block: ustar (POSIX.1-2024, pax, "ustar Interchange Format") or GNU. Undefined where its checksum is wrong.
 * The prefix counts only in ustar; GNU keeps times there.
 */
export function parseHeader(block: Buffer): TarHeader | undefined {
  if (block.length < blockSize || octal(block, 148, 8) !== checksum(block)) return undefined;
  const size = number(block, 124, 12);
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: text(block, 157, 100),
    size,
    flag: block.toString('latin1', 156, 157),
  };
}

/** The sum of a header's bytes, its own checksum field taken as spaces. */
export function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < 148; index += 1) sum += block[index]!;
  for (let index = 156; index < blockSize; index += 1) sum += block[index]!;
  return sum;
}

/** The length of data with its padding. */
export function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('latin1', start, end === -1 || end > start + length ? start + length : end);
}

function octal(block: Buffer, start: number, length: number): number {
  const digits = text(block, start, length).trim();
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** A number in octal, or in GNU's base 256 (first bit set) where it has no room. */
function number(block: Buffer, start: number, length: number): number {
  if (block[start] !== 0x80) return octal(block, start, length);
  let value = 0;
  for (let index = start + 1; index < start + length; index += 1) value = value * 256 + block[index]!;
  return value;
}
