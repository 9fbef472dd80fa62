import type { ArtifactDraft } from '@nx-debian-image/artifact-store';
import { formatBytes } from '@nx-debian-image/report';
import { shrinkDisk, type ShrinkDiskOptions } from '../../disk/installed/shrink-disk.ts';

/** Makes the root of an installed disk the smallest that still mounts and grows. Its config is an `InstalledDiskConfig`. Failures: see `shrinkDisk`. */
export async function shrinkInstalled(options: ShrinkDiskOptions): Promise<ArtifactDraft> {
  const { config, disk } = await shrinkDisk(options);
  options.progress.note(`${formatBytes(config.size)} instead of ${formatBytes(options.disk.size)}`);
  return { stage: 'shrink', config, blobs: [{ name: 'disk.raw', descriptor: disk }] };
}
