import { blockSize, type EntryType } from './tar-header.ts';
import { changedHeader } from './tar-write.ts';

/** An entry to be written. Strings are strings of bytes (latin1). */
export interface NewEntry {
  /** The root is empty. */
  readonly path: string;
  readonly type: EntryType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content. */
  readonly size: number;
  readonly mtime: { readonly seconds: number; readonly nanoseconds: number };
  /** What a symbolic link says, or the path that a hard link is another name of. */
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  /** Extended attributes by name. */
  readonly attributes: ReadonlyMap<string, Buffer>;
}

const flags: Readonly<Record<EntryType, string>> = {
  file: '0',
  link: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** The pax records of an extended attribute begin with this. */
export const attributeRecord = 'SCHILY.xattr.';

/** The header blocks of an entry (POSIX.1-2024, pax): what the ustar header has no room for is in records before it. */
export function entryHeader(entry: NewEntry): Buffer {
  const { type, mode, mtime, attributes, device, target } = entry;
  const block = Buffer.alloc(blockSize);
  const records = new Map<string, string>();
  const number = (at: number, digits: number, name: string, value: number): void => {
    if (value < 0 || value >= 8 ** digits) records.set(name, String(value));
    else block.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  };
  number(100, 7, 'mode', mode);
  number(108, 7, 'uid', entry.uid);
  number(116, 7, 'gid', entry.gid);
  number(124, 11, 'size', entry.size);
  number(136, 11, 'mtime', mtime.seconds);
  // before 1970 readers disagree about fractions
  if (mtime.nanoseconds > 0 && mtime.seconds >= 0) records.set('mtime', `${mtime.seconds}.${String(mtime.nanoseconds).padStart(9, '0')}`);
  block.write(flags[type], 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  number(329, 7, 'SCHILY.devmajor', device?.major ?? 0);
  number(337, 7, 'SCHILY.devminor', device?.minor ?? 0);
  for (const [name, value] of attributes) records.set(attributeRecord + name, value.toString('latin1'));
  const link = type === 'link' ? { linkTo: target! } : type === 'symlink' ? { symlinkTo: target! } : {};
  return changedHeader(block, { path: entry.path === '' ? './' : entry.path, records, ...link });
}
