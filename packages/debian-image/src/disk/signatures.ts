import type { ReadAt } from './read-at.ts';

/** What a partition can hold beside ext4. */
interface Signature {
  readonly name: string;
  /** Whether files of the system may be in it, so that an ext4 beside it is not all of the system. */
  readonly system: boolean;
  readonly position: number;
  readonly magic: string;
}

const system = true;

/**
 * Where formats have their magic, as in the file magic of util-linux (libblkid/src/superblocks) and the headers of the formats themselves:
 * the label of LVM may be in any of the first four sectors, the end of a swap area's first page depends on the page.
 */
const signatures: readonly Signature[] = [
  ...[0, 1, 2, 3].map((sector) => ({ name: 'LVM', system, position: sector * 512 + 24, magic: 'LVM2 001' })),
  { name: 'LUKS', system, position: 0, magic: 'LUKS\u00ba\u00be' },
  { name: 'btrfs', system, position: 0x10040, magic: '_BHRfS_M' },
  { name: 'XFS', system, position: 0, magic: 'XFSB' },
  { name: 'JFS', system, position: 0x8000, magic: 'JFS1' },
  ...['ReIsErFs', 'ReIsEr2Fs', 'ReIsEr3Fs'].map((magic) => ({ name: 'ReiserFS', system, position: 0x10034, magic })),
  { name: 'F2FS', system, position: 0x400, magic: '\u0010\u0020\u00f5\u00f2' },
  ...[0, 0x1000].map((position) => ({ name: 'RAID', system, position, magic: '\u00fc\u004e\u002b\u00a9' })),
  ...[4096, 8192, 16384, 65536].map((page) => ({ name: 'swap space', system: false, position: page - 10, magic: 'SWAPSPACE2' })),
  ...[54, 82].map((position) => ({ name: 'FAT', system: false, position, magic: 'FAT' })),
];

/** What is in a part of a disk, by its magic; undefined where it is nothing that is known here. */
export function recognise(disk: ReadAt, { start, size }: { readonly start: number; readonly size: number }): Signature | undefined {
  return signatures.find(({ position, magic }) => {
    if (position + magic.length > size) return false;
    return disk.read(start + position, magic.length).toString('latin1') === magic;
  });
}
