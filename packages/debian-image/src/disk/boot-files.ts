import { Failure } from '@nx-debian-image/report';
import { readSuperblock, type Superblock } from './ext4/superblock.ts';
import type { ReadAt } from './read-at.ts';
import { readTable } from './partition-table/read.ts';
import { recognise } from './signatures.ts';
import type { ListedFile } from './ext4/debugfs.ts';
import { compareVersions } from '../debian/version.ts';

/** Where on a disk its root file system is, in bytes. */
export interface RootRange {
  readonly start: number;
  readonly size: number;
  /** The number of its partition; 0 where it is all of the disk. */
  readonly partition: number;
  readonly superblock: Superblock;
}

export interface BootFiles {
  readonly version: string;
  readonly kernel: ListedFile;
  readonly ramdisk: ListedFile;
  /** The versions of other kernels that are there. */
  readonly others: readonly string[];
}

/** The one ext4 on a disk, in a partition or, without a partition table, over all of it. Failure `invalid` where there is none, or more. */
export function findRoot(disk: ReadAt): RootRange {
  const partitions = readTable(disk)?.partitions ?? [{ start: 0, size: disk.size, number: 0 }];
  const found = partitions.flatMap(({ start, size, number }) => {
    const superblock = readSuperblock(disk, start);
    return superblock ? [{ start, size: superblock.blocks * superblock.blockSize, room: size, number, superblock }] : [];
  });
  const others = partitions.flatMap((part) => {
    const signature = recognise(disk, part);
    return signature && !found.some(({ number }) => number === part.number) ? [{ ...signature, number: part.number }] : [];
  });
  const [root] = found;
  if (!root) {
    const what = others.length === 0 ? '' : `, but ${others.map(described).join(', ')}`;
    throw new Failure('invalid', `there is no ext4 file system on the disk${what}`, { hint: supported });
  }
  const foreign = others.find(({ system }) => system);
  if (foreign) throw new Failure('invalid', `beside an ext4 file system the disk has ${described(foreign)}`, { hint: supported });
  if (found.length > 1) {
    const numbers = found.map(({ number }) => number).join(' and ');
    throw new Failure('invalid', `partitions ${numbers} both have an ext4 file system; which is the root?`, {
      hint: supported,
    });
  }
  if (root.size > root.room) throw new Failure('invalid', `the root file system is larger than its partition ${root.number}`);
  return { start: root.start, size: root.size, partition: root.number, superblock: root.superblock };
}

/** What a disk may be like. */
const supported =
  'Supported is one ext2, ext3 or ext4 file system with the kernel and everything else, without LVM, RAID or encryption, and swap beside it.';

function described({ name, number }: { readonly name: string; readonly number: number }): string {
  return number === 0 ? name : `${name} in partition ${number}`;
}

/**
 * The newest kernel of /boot by Debian's order of versions, and its initial RAM disk; of those whose version is `wanted` or ends with it, where
 * that is given. Failure `not-found` where either is missing.
 */
export function chooseBootFiles(files: readonly ListedFile[], wanted?: string): BootFiles {
  const kernels = files.flatMap((file) => {
    const version = /^vmlinu[xz]-(\d[\w.+~-]*)$/.exec(file.name)?.[1];
    return version === undefined ? [] : [{ file, version }];
  });
  // vmlinuz before vmlinux of the same version: the compressed one is what boots.
  kernels.sort((a, b) => compareVersions(b.version, a.version) || (a.file.name < b.file.name ? 1 : -1));
  const newest = wanted === undefined ? kernels[0] : kernels.find(({ version }) => version === wanted || version.endsWith(`-${wanted}`));
  if (!newest && kernels.length > 0) {
    throw new Failure('not-found', `there is no kernel "${wanted}" in /boot, but ${kernels.map(({ version }) => version).join(', ')}`, {
      where: 'image.json: disk.kernel',
    });
  }
  if (!newest) {
    throw new Failure('not-found', 'there is no kernel in /boot', {
      hint: 'Set "kernel" in image.json to "cloud", "generic" or a package that has one.',
    });
  }
  const { version } = newest;
  const ramdisk = files.find(({ name }) => name === `initrd.img-${version}`);
  if (!ramdisk) {
    throw new Failure('not-found', `there is no initial RAM disk /boot/initrd.img-${version} for the kernel`, {
      hint: 'Add "initramfs-tools" to the packages.',
    });
  }
  const others = new Set(kernels.map((kernel) => kernel.version).filter((other) => other !== version));
  return { version, kernel: newest.file, ramdisk, others: [...others] };
}
