import { join } from 'node:path';
import { blobNamed, type Descriptor } from '@nx-debian-image/artifact-store';
import type { LockedPackage } from '../debian/archive/package.ts';
import { fetchTools } from '../debian/tools/locked.ts';
import { openToolTree } from '../debian/tools/tree.ts';
import { releaseOf } from '../debian/releases.ts';
import type { FileSystemTools } from '../disk/tools.ts';
import type { DiskConfig } from '../disk/root-disk.ts';
import { requirePrograms } from '../rootfs/foreign.ts';
import { configure } from '../stages/configure/run.ts';
import { convert } from '../stages/convert/run.ts';
import { extract } from '../stages/extract/run.ts';
import { install } from '../stages/install/run.ts';
import { shrink } from '../stages/shrink/run.ts';
import { belowOf } from './below.ts';
import type { Build, BuiltStage, Maker } from './build.ts';
import { keepFailedTree } from './failed-tree.ts';
import { hostArchitecture } from './host-architecture.ts';
import { layersOf } from './layers-of.ts';

interface InstallConfig {
  readonly epoch: number;
  readonly packages: readonly LockedPackage[];
  readonly tools: readonly LockedPackage[];
  /** Of an image that starts from another: whether its packages ask for a new initial ramdisk. */
  readonly staleRamdisk?: boolean;
}

interface ConfigureConfig {
  readonly epoch: number;
  readonly layers: readonly Descriptor[];
}

/** How each stage makes what it leaves out of what the ones before it left. */
export const makers: Readonly<Record<BuiltStage, Maker>> = {
  async install(build) {
    const host = await hostArchitecture(build.signal);
    if (build.image.install.method === 'bootstrap') await requirePrograms(build.image.arch, host, build.signal);
    const options = { ...build, hostArchitecture: host, consoleLog: join(build.artifacts, 'installer.log') };
    return install(build.parent === undefined ? options : { ...options, below: await belowOf(build.parent) });
  },

  async configure(build) {
    const installed = await build.complete('install');
    await requirePrograms(build.image.arch, await hostArchitecture(build.signal), build.signal);
    const { epoch, packages, staleRamdisk = false } = installed.config as InstallConfig;
    const before = build.parent === undefined ? [] : ((await build.parent.artifact('install')).config as InstallConfig).packages;
    const known = new Set(before.map(({ name }) => name));
    const added = { packages: new Set(packages.map(({ name }) => name).filter((name) => !known.has(name))), staleRamdisk };
    return configure({ ...build, layers: layersOf(installed), epoch, added, keepFailed: keepFailedTree(build) });
  },

  async convert(build) {
    const { epoch, layers } = (await build.complete('configure')).config as ConfigureConfig;
    const { disk } = build.image;
    return convert({
      ...(await context(build)),
      layers,
      epoch,
      table: disk.table,
      slack: disk.slack,
      headroom: disk.headroom,
      ext4: releaseOf(build.image.release).ext4,
    });
  },

  async shrink(build) {
    const converted = await build.complete('convert');
    return shrink({
      ...(await context(build)),
      config: converted.config as DiskConfig,
      disk: blobNamed(converted, 'disk.raw'),
      slack: build.image.disk.slack,
    });
  },

  async extract(build) {
    const disk = blobNamed(await build.complete('shrink'), 'disk.raw');
    return extract({ ...(await context(build)), disk, release: build.image.release, architecture: build.image.arch });
  },
};

interface Context extends Pick<Build, 'store' | 'progress' | 'signal'> {
  readonly tools: FileSystemTools;
}

async function context(build: Build): Promise<Context> {
  const { store, progress, signal } = build;
  const { tools } = (await build.artifact('install')).config as InstallConfig;
  await fetchTools(tools, build);
  return { store, progress, signal, tools: await openToolTree(tools, store, signal) };
}
