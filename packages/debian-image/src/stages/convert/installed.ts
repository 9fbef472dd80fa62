import { join } from 'node:path';
import type { ArtifactDraft, Descriptor, Digest, Store } from '@nx-debian-image/artifact-store';
import { formatBytes, type Progress } from '@nx-debian-image/report';
import { digestFile } from '../../disk/blocks/slice.ts';
import { syncFile } from '../../disk/blocks/sync.ts';
import { checkExt4 } from '../../disk/ext4/check.ts';
import { within } from '../../disk/ext4/debugfs.ts';
import { describeInstalledDisk, openInstalledDisk } from '../../disk/installed/config.ts';
import { recoverRoot } from '../../disk/installed/recover.ts';
import { writeRawDisk } from '../../disk/installed/raw-disk.ts';
import { withFile } from '../../disk/read-at.ts';
import type { FileSystemTools } from '../../disk/tools.ts';

export interface ConvertInstalledOptions {
  /** The qcow2 files of the disk, the lowest first: the installer's, and what configure changed. */
  readonly layers: readonly Descriptor[];
  readonly epoch: number;
  readonly tools: FileSystemTools;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Writes the disk of an installed machine as a raw one and checks its root. Its config is an `InstalledDiskConfig`. Failures: those of
 * `writeRawDisk` and `openInstalledDisk`; `command-failed` with what e2fsck finds.
 */
export async function convertInstalled(options: ConvertInstalledOptions): Promise<ArtifactDraft> {
  const { layers, epoch, tools, store, progress, signal } = options;
  const more = signal ? { signal } : {};
  progress.step(`making a disk of ${layers.length} parts, ${formatBytes(layers.reduce((sum, { size }) => sum + size, 0))}`);
  const scratch = await store.scratch();
  try {
    const path = join(scratch.folder, 'disk.raw');
    await writeRawDisk(path, options);
    const { root } = withFile(path, openInstalledDisk);
    if (root.superblock.features.includes('needs_recovery')) {
      progress.warn('the machine did not unmount its root file system; recovering its journal');
      await recoverRoot(path, { root, epoch, tools, ...more });
    }
    await checkExt4({ tools, device: within(path, root.start), ...more });
    const config = withFile(path, (bytes) => describeInstalledDisk(openInstalledDisk(bytes), epoch));
    const [{ digests, size }] = await Promise.all([digestFile(path, { algorithms: ['sha256'], ...more }), syncFile(path)]);
    const disk = await store.adopt(path, `sha256:${digests.sha256}` satisfies Digest, size);
    progress.note(
      `${config.table} disk of ${formatBytes(size)}: root ${formatBytes(root.size)}, ${formatBytes(config.root.freeBytes)} free`,
    );
    return { stage: 'convert', config, blobs: [{ name: 'disk.raw', descriptor: disk }] };
  } finally {
    await scratch.dispose();
  }
}
