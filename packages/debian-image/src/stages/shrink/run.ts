import type { ArtifactDraft, Descriptor } from '@nx-debian-image/artifact-store';
import { formatBytes } from '@nx-debian-image/report';
import { copiedBootLoader } from '../../disk/boot-loader/copy.ts';
import { type DiskConfig, makeRootDisk, type RootDiskContext } from '../../disk/root-disk.ts';
import { planShrink } from './plan.ts';

export interface ShrinkOptions extends RootDiskContext {
  /** What convert left: its facts and its disk. */
  readonly config: DiskConfig;
  readonly disk: Descriptor;
  /** Bytes to leave free; undefined: the default for the content. */
  readonly slack: number | undefined;
}

/**
 * Makes the root of a disk the smallest that still mounts and grows. It is made anew from its layers, which gives a far smaller one than
 * `resize2fs -M`. A disk that is the smallest already is passed on as it is. Failures: those of convert.
 */
export async function shrink(options: ShrinkOptions): Promise<ArtifactDraft> {
  const { config, disk, progress } = options;
  const plan = planShrink(config, options.slack);
  if (plan.keep) {
    progress.note(`already smallest: ${formatBytes(config.root.freeBytes)} free of the ${formatBytes(plan.freeBytes)} of slack asked for`);
    return { stage: 'shrink', config, blobs: [{ name: 'disk.raw', descriptor: disk }] };
  }
  progress.step(
    `making the root file system anew with ${formatBytes(plan.freeBytes)} free instead of ${formatBytes(config.root.freeBytes)}`,
  );
  const source = options.store.blobPath(disk.digest);
  const bootLoader = copiedBootLoader({ source, config, ...(options.signal ? { signal: options.signal } : {}) });
  const made = await makeRootDisk({ ...config, slack: plan.freeBytes, bootLoader }, 0, options);
  progress.note(`${formatBytes(made.config.size)} instead of ${formatBytes(config.size)}`);
  return { stage: 'shrink', config: made.config, blobs: [{ name: 'disk.raw', descriptor: made.disk }] };
}
