import type { Descriptor, Digest, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { digestFile } from './blocks/slice.ts';
import { syncFile } from './blocks/sync.ts';
import type { BootFacts, BootLoader } from './boot-loader/boot-loader.ts';
import { makeExt4 } from './ext4/make.ts';
import { defaultSlack } from './ext4/plan.ts';
import type { Ext4Profile } from './ext4/profile.ts';
import type { Superblock } from './ext4/superblock.ts';
import { openLayers } from './layers/open-layers.ts';
import { treeStatistics, type TreeStatistics } from './layers/statistics.ts';
import { type Layout, planLayout, rootOf, sectorSize, type TableKind } from './partition-table/layout.ts';
import { writeTable } from './partition-table/write.ts';
import type { FileSystemTools } from './tools.ts';

/** What a disk with one ext4 root is made of. */
export interface RootDiskSource {
  /** The layers of the root file system, lowest first: blobs in the store, uncompressed tar. */
  readonly layers: readonly Descriptor[];
  readonly table: TableKind;
  /** Bytes to leave free in the root; undefined: see `defaultSlack`. */
  readonly slack: number | undefined;
  /** What the system on it understands of ext4. */
  readonly ext4: Ext4Profile;
  /** The only time that goes into the file system, in seconds since 1970. */
  readonly epoch: number;
  /** What starts the disk by itself; without it a cloud needs the kernel beside it. */
  readonly bootLoader?: BootLoader | undefined;
}

export interface RootDiskContext {
  readonly tools: FileSystemTools;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** The facts of a disk, as in the config of convert and shrink; positions and sizes in bytes. */
export interface DiskConfig {
  readonly table: TableKind;
  readonly sectorSize: number;
  readonly size: number;
  readonly partitions: readonly {
    readonly number: number;
    readonly name: string;
    readonly type: string;
    readonly start: number;
    readonly size: number;
  }[];
  readonly root: {
    readonly partition: number;
    readonly uuid: string;
    readonly blockSize: number;
    readonly features: readonly string[];
    readonly freeBytes: number;
    /** The free bytes that were asked for; ext4 may not come in a size that has just these. */
    readonly wantedFreeBytes: number;
  };
  /** The bytes in all its files: as they say, and each rounded up to 4 KiB. */
  readonly content: { readonly bytes: number; readonly rounded: number };
  readonly layers: readonly Descriptor[];
  readonly epoch: number;
  readonly ext4: Ext4Profile;
  /** Of a disk that boots by itself. */
  readonly boot?: BootFacts;
}

export interface RootDisk {
  readonly config: DiskConfig;
  readonly disk: Descriptor;
}

/**
 * Makes a disk with a root of the layers' tree, `slack` and `headroom` bytes free, and puts it into the store. The file system is made in its
 * place on the disk, so that nothing is copied. Same arguments, same bytes. Failures: those of
 * `openLayers` and `makeExt4`.
 */
export async function makeRootDisk(source: RootDiskSource, headroom: number, context: RootDiskContext): Promise<RootDisk> {
  const { layers, table, ext4, epoch, bootLoader } = source;
  const { store } = context;
  const tree = await openLayers(layers, store);
  const statistics = treeStatistics(tree);
  const seed = layers.map(({ digest }) => digest).join('\n');
  const freeBytes = slackOf(source, statistics.contentBytes) + headroom;
  const scratch = await store.scratch();
  try {
    const path = `${scratch.folder}/disk.raw`;
    const wish = { table, before: bootLoader?.partitions ?? [], seed };
    const offset = rootOf(planLayout({ ...wish, rootBytes: 0 })).start;
    const root = await makeExt4({ ...context, tree, path, offset, freeBytes, profile: ext4, seed, epoch });
    const layout = planLayout({ ...wish, rootBytes: root.blocks * root.blockSize });
    await writeTable(path, layout);
    await bootLoader?.write(path, layout, root.uuid);
    const [{ digests, size }] = await Promise.all([
      digestFile(path, { algorithms: ['sha256'], ...(context.signal ? { signal: context.signal } : {}) }),
      syncFile(path),
    ]);
    const disk = await store.adopt(path, `sha256:${digests.sha256}` satisfies Digest, size);
    return { config: diskConfig(source, layout, { ...root, wantedFreeBytes: freeBytes }, statistics), disk };
  } finally {
    await scratch.dispose();
  }
}

/** Bytes to leave free in the smallest root. */
export function slackOf({ slack }: Pick<RootDiskSource, 'slack'>, contentBytes: number): number {
  return slack ?? defaultSlack(contentBytes);
}

function diskConfig(
  source: RootDiskSource,
  layout: Layout,
  root: Superblock & { wantedFreeBytes: number },
  statistics: TreeStatistics,
): DiskConfig {
  return {
    table: layout.table,
    sectorSize,
    size: layout.diskBytes,
    partitions: layout.partitions.map(({ number, name, type, start, size }) => ({ number, name, type, start, size })),
    root: {
      partition: rootOf(layout).number,
      uuid: root.uuid,
      blockSize: root.blockSize,
      features: root.features,
      freeBytes: root.freeBlocks * root.blockSize,
      wantedFreeBytes: root.wantedFreeBytes,
    },
    content: { bytes: statistics.contentBytes, rounded: statistics.roundedBytes },
    layers: source.layers,
    epoch: source.epoch,
    ext4: source.ext4,
    ...(source.bootLoader ? { boot: source.bootLoader.facts } : {}),
  };
}
