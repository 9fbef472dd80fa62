import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Store } from '@nx-debian-image/artifact-store';
import type { LockedPackage } from '../../packages/debian-image/src/debian/archive/package.ts';
import { openToolTree } from '../../packages/debian-image/src/debian/tools/tree.ts';
import type { DiskConfig } from '../../packages/debian-image/src/disk/root-disk.ts';
import { command, run } from '../../packages/debian-image/src/host/index.ts';
import { layerStream } from '../../packages/debian-image/src/rootfs/layers.ts';
import { artifactFolder, readJson } from './state.ts';
import type { BenchWorkspace } from './workspace.ts';

/** How big the built root file system is, and how big the usual way would have made it. All in bytes. */
export interface RootSizes {
  /** What its files hold: as they say, and each rounded up to blocks of 4 KiB. */
  readonly content: number;
  readonly rounded: number;
  /** `root.ext4`. */
  readonly root: number;
  /** `root.ext4` after `resize2fs -M`. */
  readonly rootResized: number;
  /** The same files in a file system of 10 GiB after `resize2fs -M` once, and as often as it still shrinks. */
  readonly resized: number;
  readonly resizedAgain: number;
}

const usualDisk = '10G';

/** Measures the root file system that the workspace has built last. */
export async function measureRoot(workspace: BenchWorkspace, signal: AbortSignal): Promise<RootSizes> {
  const { scratch } = workspace;
  const { content, layers } = await readJson<DiskConfig>(join(artifactFolder(workspace, 'shrink'), 'config.json'));
  const { tools: packages } = await readJson<{ tools: LockedPackage[] }>(join(artifactFolder(workspace, 'install'), 'config.json'));
  const store = await Store.open(workspace.store);
  const tools = await openToolTree(packages, store, signal);
  const smallest = async (image: string): Promise<number> => {
    await run(tools.tool('resize2fs', ['-f', '-M', image]), { doing: 'shrinking with resize2fs', signal });
    return (await stat(image)).size;
  };
  const copy = join(scratch, 'copy.ext4');
  const built = join(artifactFolder(workspace, 'extract'), 'root.ext4');
  await run(command('cp', ['--sparse=always', '--no-preserve=mode', '--dereference', built, copy]), { doing: 'copying the root', signal });
  const tar = join(scratch, 'tree.tar');
  const usual = join(scratch, 'usual.ext4');
  await pipeline(await layerStream(layers, store), createWriteStream(tar));
  await run(tools.tool('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', '-d', tar, usual, usualDisk]), {
    doing: 'making a large root',
    signal,
  });
  const resized = await smallest(usual);
  const sizes = {
    content: content.bytes,
    rounded: content.rounded,
    root: (await stat(built)).size,
    rootResized: await smallest(copy),
    resized,
    resizedAgain: await untilItStays(resized, () => smallest(usual)),
  };
  for (const path of [copy, tar, usual]) await rm(path);
  return sizes;
}

async function untilItStays(size: number, again: () => Promise<number>): Promise<number> {
  const next = await again();
  return next < size ? untilItStays(next, again) : next;
}
