import { Failure } from '@nx-debian-image/report';
import { sectorSize } from '../partition-table/layout.ts';
import type { ReadAt } from '../read-at.ts';

/** Where GRUB's boot.img says which sector comes next (grub-core/boot/i386/pc/boot.S, GRUB_BOOT_MACHINE_KERNEL_SECTOR). */
const nextSector = 0x5c;
/** The first sector of core.img ends with a list of the others, which grows towards its begin: sector, count, where to (diskboot.S). */
const listEnd = sectorSize;
const listEntry = 12;
const listBegin = 0x100;

interface Range {
  readonly start: number;
  readonly size: number;
}

/** What starts a disk by BIOS: `grub`, `other` for code that is not known here, `none`. */
export type BootLoader = 'grub' | 'other' | 'none';

/**
 * Looks whether what starts a disk goes on working when the root file system is made anew. GRUB finds its files by their paths once its core
 * image is loaded; that one lies before the root or in a partition of its own. Fails as `invalid` where it is read out of the root's blocks.
 */
export function inspectBootLoader(disk: ReadAt, root: Range): BootLoader {
  const boot = Buffer.from(disk.read(0, sectorSize));
  if (boot.length < sectorSize || boot.subarray(0, nextSector).every((byte) => byte === 0)) return 'none';
  if (!boot.includes('GRUB')) return 'other';
  const core = Number(boot.readBigUInt64LE(nextSector));
  const first = Buffer.from(disk.read(core * sectorSize, sectorSize));
  const lists = [{ sector: core, sectors: 1 }, ...(first.length < sectorSize ? [] : blockLists(first))];
  const inRoot = lists.some(({ sector, sectors }) => {
    const start = sector * sectorSize;
    return start < root.start + root.size && start + sectors * sectorSize > root.start;
  });
  if (!inRoot) return 'grub';
  throw new Failure(
    'invalid',
    "GRUB's core image is a list of blocks in the root file system, which cannot be made anew without breaking it",
    {
      hint: 'Leave room before the first partition, as partitions that begin at 1 MiB do, and install GRUB into the disk.',
    },
  );
}

function blockLists(first: Buffer): { sector: number; sectors: number }[] {
  const lists: { sector: number; sectors: number }[] = [];
  for (let at = listEnd - listEntry; at >= listBegin; at -= listEntry) {
    const sectors = first.readUInt16LE(at + 8);
    if (sectors === 0) break;
    lists.push({ sector: Number(first.readBigUInt64LE(at)), sectors });
  }
  return lists;
}
