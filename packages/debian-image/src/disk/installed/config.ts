import { Failure } from '@nx-debian-image/report';
import { findRoot, type RootRange } from '../boot-files.ts';
import { type Layout, type Partition, sectorSize } from '../partition-table/layout.ts';
import { readTable } from '../partition-table/read.ts';
import type { ReadAt } from '../read-at.ts';
import type { DiskConfig } from '../root-disk.ts';

/** The facts of a disk that an installer made, as in the config of convert and shrink; positions and sizes in bytes. */
export interface InstalledDiskConfig extends Pick<DiskConfig, 'table' | 'sectorSize' | 'size' | 'partitions'> {
  readonly kind: 'installed';
  readonly root: Omit<DiskConfig['root'], 'wantedFreeBytes'> & {
    readonly label: string;
    /** The free bytes that were asked for, once it has been made smallest. */
    readonly wantedFreeBytes?: number;
  };
  /** The bytes in all its files, once they have been read. */
  readonly content?: DiskConfig['content'];
  readonly epoch: number;
}

/** A disk with a partition table and one root. */
export interface InstalledDisk {
  readonly layout: Layout;
  readonly partition: Partition;
  readonly root: RootRange;
}

/** Finds table and root of a disk. Fails as `invalid` without a partition table, and with the failures of `findRoot`. */
export function openInstalledDisk(disk: ReadAt): InstalledDisk {
  const root = findRoot(disk);
  const layout = readTable(disk);
  const partition = layout?.partitions.find(({ number }) => number === root.partition);
  if (!layout || !partition) {
    throw new Failure('invalid', 'the disk has no partition table that can be read', { hint: 'Supported are MBR and GPT.' });
  }
  return { layout, partition, root };
}

export function describeInstalledDisk({ layout, root }: InstalledDisk, epoch: number): InstalledDiskConfig {
  const { superblock } = root;
  return {
    kind: 'installed',
    table: layout.table,
    sectorSize,
    size: layout.diskBytes,
    partitions: layout.partitions.map(({ number, name, type, start, size }) => ({ number, name, type, start, size })),
    root: {
      partition: root.partition,
      uuid: superblock.uuid,
      label: superblock.label,
      blockSize: superblock.blockSize,
      features: superblock.features,
      freeBytes: superblock.freeBlocks * superblock.blockSize,
    },
    epoch,
  };
}
