import type { ArtifactDraft } from '@nx-debian-image/artifact-store';
import { formatBytes } from '@nx-debian-image/report';
import { makeRootDisk, type RootDiskContext, type RootDiskSource } from '../../disk/root-disk.ts';
import { type BareWish, planBootLoader } from './boot-loader.ts';
import { describeDisk } from './plan.ts';

export interface ConvertOptions extends Omit<RootDiskSource, 'bootLoader'>, RootDiskContext {
  /** Bytes of free space beyond the slack: room for work on the disk before it is made smallest. */
  readonly headroom: number;
  /** What the disk is to boot by; without it a cloud needs the kernel beside it. */
  readonly bare?: BareWish | undefined;
}

/**
 * Makes a disk of the layers: a partition table, a boot loader where one is asked for, and one ext4 root. Its config is a `DiskConfig`.
 * Failures: `invalid` layers, `not-found` without a kernel to boot, those of `run`.
 */
export async function convert(options: ConvertOptions): Promise<ArtifactDraft> {
  const { headroom, layers, progress } = options;
  progress.step(`making a disk of ${layers.length} layers, ${formatBytes(layers.reduce((sum, { size }) => sum + size, 0))}`);
  const bootLoader = options.bare && (await planBootLoader(options.bare, options));
  const { config, disk } = await makeRootDisk({ ...options, bootLoader }, headroom, options);
  progress.note(describeDisk(config));
  return { stage: 'convert', config, blobs: [{ name: 'disk.raw', descriptor: disk }] };
}
