import { formatBytes } from '@nx-debian-image/report';
import type { DiskConfig } from '../../disk/root-disk.ts';

/** A disk in one line: its size, that of its root and how much of it is free. */
export function describeDisk({ table, size, partitions, root, content }: DiskConfig): string {
  const rootBytes = partitions.find(({ number }) => number === root.partition)!.size;
  return `${table} disk of ${formatBytes(size)}: root ${formatBytes(rootBytes)}, ${formatBytes(root.freeBytes)} free, for ${formatBytes(content.rounded)} of files`;
}
