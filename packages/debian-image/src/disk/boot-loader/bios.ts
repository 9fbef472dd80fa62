import { Failure, formatBytes } from '@nx-debian-image/report';
import { sectorSize } from '../partition-table/layout.ts';
import { mbrIdPosition } from '../partition-table/mbr-write.ts';
import type { DiskBytes } from '../partition-table/write.ts';

/**
 * Where GRUB's images are changed for the disk that they lie on (grub-core/boot/i386/pc/boot.S and diskboot.S, util/setup.c): boot.img says in
 * which sector the core image begins, and jumps where it would test for a broken BIOS that names a floppy; the core image's first sector ends
 * with the list of its others: sector, number, and the segment that they are loaded to.
 */
const boot = { nextSector: 0x5c, testOfDrive: 0x66 };
const listEntry = { position: 500, segment: 0x0820 };
const noOperations = Buffer.from([0x90, 0x90]);

export interface BiosParts {
  /** boot.img of GRUB. */
  readonly bootImage: Buffer;
  /** What grub-mkimage made. */
  readonly coreImage: Buffer;
  /** Where the core image goes, in bytes, and how much room is there. */
  readonly start: number;
  readonly size: number;
}

/** What BIOS needs on a disk: boot code before the table of sector 0, and GRUB's core image. Failure `no-space` where that has no room. */
export function biosBytes({ bootImage, coreImage, start, size }: BiosParts): DiskBytes[] {
  if (coreImage.length > size) {
    throw new Failure('no-space', `GRUB's core image of ${formatBytes(coreImage.length)} does not fit into ${formatBytes(size)}`);
  }
  const code = Buffer.from(bootImage.subarray(0, mbrIdPosition));
  const first = start / sectorSize;
  code.writeBigUInt64LE(BigInt(first), boot.nextSector);
  noOperations.copy(code, boot.testOfDrive);
  const core = Buffer.alloc(Math.ceil(coreImage.length / sectorSize) * sectorSize);
  coreImage.copy(core);
  core.writeBigUInt64LE(BigInt(first + 1), listEntry.position);
  core.writeUInt16LE(core.length / sectorSize - 1, listEntry.position + 8);
  core.writeUInt16LE(listEntry.segment, listEntry.position + 10);
  return [
    { position: 0, bytes: code },
    { position: start, bytes: core },
  ];
}
