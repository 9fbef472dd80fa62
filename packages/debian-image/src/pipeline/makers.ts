import { blobNamed, type Descriptor } from '@nx-debian-image/artifact-store';
import type { LockedPackage } from '../debian/archive/package.ts';
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
import type { Build, BuiltStage, Maker } from './build.ts';
import { keepFailedTree } from './failed-tree.ts';
import { hostArchitecture } from './host-architecture.ts';

interface InstallConfig {
  readonly epoch: number;
  readonly tools: readonly LockedPackage[];
}

interface ConfigureConfig {
  readonly epoch: number;
  readonly layers: readonly Descriptor[];
}

/** How each stage makes what it leaves out of what the ones before it left. */
export const makers: Readonly<Record<BuiltStage, Maker>> = {
  async install(build) {
    const host = await hostArchitecture(build.signal);
    await requirePrograms(build.image.arch, host, build.signal);
    return install({ ...build, hostArchitecture: host });
  },

  async configure(build) {
    const installed = await build.complete('install');
    await requirePrograms(build.image.arch, await hostArchitecture(build.signal), build.signal);
    const { epoch } = installed.config as InstallConfig;
    return configure({ ...build, layers: [blobNamed(installed, 'rootfs.tar')], epoch, keepFailed: keepFailedTree(build) });
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
  return { store, progress, signal, tools: await openToolTree(tools, store, signal) };
}
