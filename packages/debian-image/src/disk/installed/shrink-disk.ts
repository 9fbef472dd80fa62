import { join } from 'node:path';
import type { Descriptor, Digest, Store } from '@nx-debian-image/artifact-store';
import { formatBytes, type Progress } from '@nx-debian-image/report';
import { copyRange } from '../blocks/copy-range.ts';
import { digestFile } from '../blocks/slice.ts';
import { syncFile } from '../blocks/sync.ts';
import { makeExt4 } from '../ext4/make.ts';
import type { Ext4Profile } from '../ext4/profile.ts';
import { openFileSystem } from '../ext4/read/file-system.ts';
import { writeTar } from '../ext4/read/write-tar.ts';
import { treeOf } from '../layers/merge.ts';
import { treeStatistics } from '../layers/statistics.ts';
import { indexTar } from '../layers/tar-index.ts';
import { type Shortened, shortenLast } from '../partition-table/shorten.ts';
import { writeBytes } from '../partition-table/write.ts';
import { withFile } from '../read-at.ts';
import { slackOf } from '../root-disk.ts';
import type { FileSystemTools } from '../tools.ts';
import { inspectBootLoader } from './boot-loader.ts';
import { describeInstalledDisk, type InstalledDisk, type InstalledDiskConfig, openInstalledDisk } from './config.ts';

export interface ShrinkDiskOptions {
  /** A raw disk in the store that an installer made. */
  readonly disk: Descriptor;
  /** Bytes to leave free; undefined: the default for the content. */
  readonly slack: number | undefined;
  /** What the system on it understands of ext4. */
  readonly ext4: Ext4Profile;
  readonly epoch: number;
  readonly tools: FileSystemTools;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** How much is read at once where small things are sought all over a disk. */
const smallWindow = 1 << 16;

/**
 * Makes the root of an installed disk anew, as small as it can be, from its own files, with its UUID and label; the disk ends behind it. What
 * lies around the root stays as it is: boot code, the sectors before the first partition, other partitions. Same arguments, same bytes.
 * Failures: `invalid` where it cannot be read, those of `inspectBootLoader` and `makeExt4`.
 */
export async function shrinkDisk(options: ShrinkDiskOptions): Promise<{ config: InstalledDiskConfig; disk: Descriptor }> {
  const { store, progress, slack, ext4, epoch, tools, signal } = options;
  const source = store.blobPath(options.disk.digest);
  const more = signal ? { signal } : {};
  const scratch = await store.scratch();
  try {
    const tar = join(scratch.folder, 'tree.tar');
    const installed = readOut(source, tar, options);
    const { root, partition, layout } = installed;
    const tree = treeOf(indexTar(tar));
    const { contentBytes, roundedBytes } = treeStatistics(tree);
    const freeBytes = slackOf({ slack }, contentBytes);
    const { uuid, label } = root.superblock;
    const path = join(scratch.folder, 'disk.raw');
    const identity = { uuid, label };
    const wish = { tree, path, offset: root.start, freeBytes, profile: ext4, seed: uuid, identity, faithful: true };
    const made = await makeExt4({ ...wish, epoch, tools, progress, ...more });
    const shortened = withFile(source, (bytes) => shortenLast(bytes, layout, partition, made.blocks * made.blockSize));
    await putAround(path, source, { installed, shortened, ...more });
    const [{ digests, size }] = await Promise.all([digestFile(path, { algorithms: ['sha256'], ...more }), syncFile(path)]);
    const facts = withFile(path, (bytes) => describeInstalledDisk(openInstalledDisk(bytes), epoch));
    const config: InstalledDiskConfig = {
      ...facts,
      root: { ...facts.root, wantedFreeBytes: freeBytes },
      content: { bytes: contentBytes, rounded: roundedBytes },
    };
    return { config, disk: await store.adopt(path, `sha256:${digests.sha256}` satisfies Digest, size) };
  } finally {
    await scratch.dispose();
  }
}

/** Reads all files of the root into a tar, once it is known that the disk can be made smaller. */
function readOut(source: string, tar: string, { progress }: ShrinkDiskOptions): InstalledDisk {
  return withFile(
    source,
    (bytes) => {
      const installed = openInstalledDisk(bytes);
      const { root, partition } = installed;
      if (inspectBootLoader(bytes, partition) === 'other') {
        progress.warn('the disk is started by something else than GRUB, which may not find its files in the new root');
      }
      const { superblock } = root;
      const used = (superblock.blocks - superblock.freeBlocks) * superblock.blockSize;
      if (!superblock.features.includes('extent')) progress.note('the root becomes ext4');
      progress.step(`reading ${formatBytes(used)} of files out of the root file system`);
      writeTar(openFileSystem(bytes, root.start, root.size), tar);
      return installed;
    },
    smallWindow,
  );
}

interface Around {
  readonly installed: InstalledDisk;
  readonly shortened: Shortened | undefined;
  readonly signal?: AbortSignal;
}

/** Copies what lies before and behind the root, and ends the disk where its table says. */
async function putAround(path: string, source: string, { installed, shortened, signal }: Around): Promise<void> {
  const { layout, partition } = installed;
  const more = signal ? { signal } : {};
  await copyRange(source, path, { start: 0, end: partition.start, ...more });
  if (shortened) return writeBytes(path, shortened.diskBytes, shortened.changes);
  await writeBytes(path, layout.diskBytes, []);
  await copyRange(source, path, { start: partition.start + partition.size, end: layout.diskBytes, ...more });
}
