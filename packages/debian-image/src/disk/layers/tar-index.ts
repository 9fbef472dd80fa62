import { Failure } from '@nx-debian-image/report';
import { type ReadAt, withFile } from '../read-at.ts';
import { type EntryType, blockSize, entryType, padded, parseHeader } from './tar-header.ts';
import { parsePax } from './tar-pax.ts';
import { type ZeroScan, scanZeros } from './zero-scan.ts';

/** A file in a tar and where its bytes are, so that they can be copied without being written anew. */
export interface TarEntry {
  /** The path as a string of bytes (latin1), without `./` before and `/` after; the root is empty. */
  readonly path: string;
  readonly type: EntryType;
  /** Bytes of content. */
  readonly size: number;
  /** Of a hard link: a path as above. Of a symbolic link: what it says, as it is. */
  readonly target: string;
  /** pax records: extended attributes and what else the ustar header has no room for. */
  readonly records: ReadonlyMap<string, string>;
  /** Positions in the tar: the first block that belongs to the entry, its own header, its content, and the end with padding. */
  readonly start: number;
  readonly header: number;
  readonly data: number;
  readonly end: number;
  /** What of its content is only zeros. */
  readonly zeros: ZeroScan;
}

/** An uncompressed tar file with its entries, in their order. */
export interface TarIndex {
  readonly file: string;
  readonly entries: readonly TarEntry[];
}

/** Metadata blocks (pax, GNU long names) larger than this are no honest file's: Linux allows 64 KiB for an attribute. */
const metadataLimit = 1 << 20;
const noRecords: ReadonlyMap<string, string> = new Map();

/** Reads where everything is in a tar file: ustar, pax or GNU. Fails as `invalid` where it is damaged, cut short or uses sparse entries. */
export function indexTar(file: string): TarIndex {
  return withFile(file, (bytes) => ({ file, entries: [...walk(file, bytes)] }));
}

function* walk(file: string, bytes: ReadAt): Generator<TarEntry> {
  let position = 0;
  let start = 0;
  let records: ReadonlyMap<string, string> = noRecords;
  let longName: string | undefined;
  let longTarget: string | undefined;
  while (position < bytes.size) {
    const block = bytes.read(position, blockSize);
    if (block.length === blockSize && block[0] === 0 && block.every((byte) => byte === 0)) return;
    const header = parseHeader(block);
    if (!header) throw damaged(file, position, 'no valid header');
    const metadata = (): Buffer => {
      if (header.size > metadataLimit) throw damaged(file, position, 'extended header too large');
      return Buffer.from(bytes.read(position + blockSize, header.size));
    };
    if ('xgLK'.includes(header.flag)) {
      if (header.flag === 'x') records = parsePax(metadata()) ?? fail(file, position, 'pax records are not well formed');
      if (header.flag === 'L') longName = cString(metadata());
      if (header.flag === 'K') longTarget = cString(metadata());
      position += blockSize + padded(header.size);
      continue;
    }
    const type = entryType(header.flag);
    if (type === undefined || [...records.keys()].some((key) => key.startsWith('GNU.sparse'))) {
      throw damaged(file, position, `entries of type "${header.flag}" (sparse, or older extensions) are not supported`);
    }
    const size = type === 'file' ? sizeOf(records.get('size'), header.size) : 0;
    if (!Number.isSafeInteger(size)) throw damaged(file, position, 'the size is no number');
    const path = normalise(records.get('path') ?? longName ?? header.name);
    if (path === undefined) throw damaged(file, position, 'a path leads out of the tree');
    const said = records.get('linkpath') ?? longTarget ?? header.linkName;
    const target = type === 'link' ? normalise(said) : said;
    if (target === undefined) throw damaged(file, position, 'a hard link leads out of the tree');
    const data = position + blockSize;
    const end = data + padded(size);
    if (end > bytes.size) throw damaged(file, position, 'the file ends within an entry');
    yield { path, type, size, target, records, start, header: position, data, end, zeros: scanZeros(bytes, data, size) };
    position = end;
    start = end;
    records = noRecords;
    longName = undefined;
    longTarget = undefined;
  }
  if (start !== position) throw damaged(file, start, 'the file ends within an entry');
}

function sizeOf(record: string | undefined, size: number): number {
  if (record === undefined) return size;
  return /^[0-9]+$/.test(record) ? Number(record) : Number.NaN;
}

/** A path without `.` parts and doubled or outer slashes; undefined where it has `..` parts. */
function normalise(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
}

function fail(file: string, position: number, what: string): never {
  throw damaged(file, position, what);
}

function damaged(file: string, position: number, what: string): Failure {
  return new Failure('invalid', `not a tar file that can be used: ${what}`, { where: `${file}, at byte ${position}` });
}
