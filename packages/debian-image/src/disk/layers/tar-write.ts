import { blockSize, checksum, padded } from './tar-header.ts';
import { formatPax } from './tar-pax.ts';

export interface HeaderChange {
  /** The new path, as a string of bytes. */
  readonly path: string;
  /** The pax records to keep. */
  readonly records: ReadonlyMap<string, string>;
  /** What a symbolic link says; its own header may have it elsewhere. */
  readonly symlinkTo?: string;
  /** Makes it a hard link to this path. */
  readonly linkTo?: string;
}

/** The end of a tar: two blocks of zeros. */
export const endOfTar: Buffer = Buffer.alloc(2 * blockSize);

/** A header block with another name, and the pax header before it that says so: the block keeps what it has of owner, mode and time. */
export function changedHeader(header: Buffer, { path, records, symlinkTo, linkTo }: HeaderChange): Buffer {
  const block = Buffer.from(header);
  const changed = new Map([...records, ['path', path]]);
  if (symlinkTo !== undefined) sayTarget(block, changed, symlinkTo);
  if (linkTo !== undefined) {
    block.write('1', 156, 'latin1');
    block.write('00000000000\0', 124, 'latin1');
    changed.delete('size');
    sayTarget(block, changed, linkTo);
  }
  seal(block);
  const data = formatPax(changed);
  const extended = Buffer.alloc(blockSize + padded(data.length));
  extended.write('PaxHeaders/0', 0, 'latin1');
  extended.write('0000644\0', 100, 'latin1');
  for (const field of [108, 116]) extended.write('0000000\0', field, 'latin1');
  extended.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  extended.write('00000000000\0', 136, 'latin1');
  extended.write('x', 156, 'latin1');
  extended.write('ustar', 257, 'latin1');
  extended.write('00', 263, 'latin1');
  seal(extended);
  data.copy(extended, blockSize);
  return Buffer.concat([extended, block]);
}

/** A target goes into a record, and as much as has room into the header: libarchive makes no link of a header that names none. */
function sayTarget(block: Buffer, records: Map<string, string>, target: string): void {
  records.set('linkpath', target);
  block.fill(0, 157, 257);
  block.write(target.slice(0, 100), 157, 'latin1');
}

function seal(block: Buffer): void {
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}
