import { join } from 'node:path';
import { type Artifact, type ArtifactDraft, blobNamed, type Descriptor } from '@nx-debian-image/artifact-store';
import type { LockedPackage } from '../debian/archive/package.ts';
import { releaseOf } from '../debian/releases.ts';
import type { InstalledDiskConfig } from '../disk/installed/config.ts';
import type { DiskConfig } from '../disk/root-disk.ts';
import { requireFormPrograms } from '../disk/forms/programs.ts';
import { requirePrograms } from '../rootfs/foreign.ts';
import { configureDisk } from '../stages/configure/disk/run.ts';
import { configure } from '../stages/configure/run.ts';
import { convertInstalled } from '../stages/convert/installed.ts';
import { convert } from '../stages/convert/run.ts';
import { extract } from '../stages/extract/run.ts';
import { install } from '../stages/install/run.ts';
import { shrinkInstalled } from '../stages/shrink/installed.ts';
import { shrink } from '../stages/shrink/run.ts';
import { bareWishOf } from './bare-wish.ts';
import { belowOf } from './below.ts';
import type { Build, BuiltStage, Maker } from './build.ts';
import { keepFailedDisk } from './failed-disk.ts';
import { keepFailedTree } from './failed-tree.ts';
import { hostArchitecture } from './host-architecture.ts';
import { layersOf } from './layers-of.ts';
import { toolContext } from './tool-context.ts';

interface InstallConfig {
  readonly epoch: number;
  readonly packages: readonly LockedPackage[];
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
    if (build.image.install.method === 'installer') return configureInstalled(build, installed);
    await requirePrograms(build.image.arch, await hostArchitecture(build.signal), build.signal);
    const { epoch, packages, staleRamdisk = false } = installed.config as InstallConfig;
    const before = build.parent === undefined ? [] : ((await build.parent.artifact('install')).config as InstallConfig).packages;
    const known = new Set(before.map(({ name }) => name));
    const added = { packages: new Set(packages.map(({ name }) => name).filter((name) => !known.has(name))), staleRamdisk };
    return configure({ ...build, layers: layersOf(installed), epoch, added, keepFailed: keepFailedTree(build) });
  },

  async convert(build) {
    const { epoch, layers } = (await build.complete('configure')).config as ConfigureConfig;
    const {
      disk,
      install: { method },
    } = build.image;
    await requireFormPrograms(disk.bare, build.signal);
    if (method === 'installer') return convertInstalled({ ...(await toolContext(build)), layers, epoch });
    return convert({
      ...(await toolContext(build)),
      bare: await bareWishOf(build),
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
    const {
      disk,
      install: { method },
      release,
    } = build.image;
    const options = { ...(await toolContext(build)), disk: blobNamed(converted, 'disk.raw'), slack: disk.slack };
    if (method === 'installer') {
      const { epoch } = converted.config as InstalledDiskConfig;
      return shrinkInstalled({ ...options, epoch, ext4: releaseOf(release).ext4 });
    }
    return shrink({ ...options, config: converted.config as DiskConfig });
  },

  async extract(build) {
    const shrunk = await build.complete('shrink');
    const { release, arch, disk: wish } = build.image;
    const options = { disk: blobNamed(shrunk, 'disk.raw'), release, architecture: arch, kernel: wish.kernel };
    // what debian-installer leaves boots by BIOS
    const { boot = { firmware: ['bios' as const] } } = shrunk.config as DiskConfig;
    const bare = wish.bare.length === 0 ? undefined : { forms: wish.bare, firmware: boot.firmware };
    return extract({ ...(await toolContext(build)), ...options, bare });
  },
};

/** The same for a system that the installer has put on a disk. */
async function configureInstalled(build: Build, installed: Artifact): Promise<ArtifactDraft> {
  const { epoch } = installed.config as InstallConfig;
  const disk = blobNamed(installed, 'disk.qcow2');
  return configureDisk({ ...(await toolContext(build)), image: build.image, disk, epoch, keepFailed: keepFailedDisk(build) });
}
