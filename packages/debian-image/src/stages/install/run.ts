import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactDraft } from '@nx-debian-image/artifact-store';
import { lockedPackage } from '../../debian/archive/package.ts';
import { writeRepository } from '../../debian/archive/repository.ts';
import { readLock } from '../../debian/lock/read.ts';
import { ramdiskPrograms, ramdiskTool } from '../../debian/ramdisk.ts';
import { releaseOf } from '../../debian/releases.ts';
import { isRoot, run } from '../../host/index.ts';
import type { Image } from '../../image/index.ts';
import { bootstrapLayer, planBootstrap } from '../../rootfs/bootstrap.ts';
import { layerType } from '../../rootfs/layers.ts';
import { chooseMemory } from '../../rootfs/space.ts';
import { imageAptFiles } from './apt-files.ts';
import type { Below } from './below.ts';
import { choosePackages } from './choose.ts';
import { extend } from './extend.ts';
import { takeLockedPackages } from './locked.ts';
import { installByInstaller, type InstallerOptions } from './installer/run.ts';
import { plannedPackages } from './plan.ts';
import { createBootstrapProgress } from './progress.ts';

/** A tree in memory takes its packages' files and as much again for what apt and dpkg keep beside them. */
const treeFactor = 2.2;

/**
 * Installs the system of an image: the packages of its lock, else those that apt chooses from verified lists, brought into the store,
 * unpacked and configured by mmdebstrap without root and without network. Leaves the layer `rootfs.tar`, and in its config what it was made of.
 */
export async function install({ below, ...options }: InstallerOptions & { readonly below?: Below }): Promise<ArtifactDraft> {
  if (below !== undefined) return extend(options, below);
  const { image, store, progress, signal } = options;
  if (image.install.method === 'installer') return installByInstaller(options);
  const release = releaseOf(image.release);
  const lock = await readLock(image.folder, image.name);
  const { packages, unpacked, epoch, tools } = await (lock === undefined ? choosePackages(options) : takeLockedPackages(lock, options));
  const bytes = unpacked.reduce((sum, { size }) => sum + size, 0);
  const scratch = await store.scratch();
  try {
    const repository = join(scratch.folder, 'repository');
    await writeRepository(repository, release.name, packages, unpacked, store);
    const aptFiles = await writeAptFiles(image, scratch.folder);
    const memoryBytes = await chooseMemory(Math.ceil(bytes * treeFactor), options.environment);
    progress.step(`installing ${packages.length} packages ${memoryBytes === undefined ? 'on disk' : 'in memory'}`);
    const bootstrap = planBootstrap({
      namespace: { root: isRoot(), memoryBytes, scratch: scratch.folder, hostname: 'debian' },
      suite: release.name,
      architecture: image.arch,
      include: plannedPackages(image, release),
      repository,
      aptFiles,
      ramdiskPrograms: ramdiskPrograms[ramdiskTool(release, image.packages)],
      openFiles: release.openFiles,
      recommends: image.install.recommends,
      epoch,
    });
    const onLine = createBootstrapProgress(progress, packages.length);
    await run(bootstrap, { doing: `installing ${release.name}`, signal, onLine });
    const rootfs = await store.putFile(join(scratch.folder, bootstrapLayer), { mediaType: layerType });
    const config = { release: release.name, architecture: image.arch, epoch, packages: packages.map(lockedPackage), tools };
    return { stage: 'install', config, blobs: [{ name: 'rootfs.tar', descriptor: rootfs }] };
  } finally {
    await scratch.dispose();
  }
}

/** Writes what the image's own apt is told into the folder. */
async function writeAptFiles(image: Image, folder: string): Promise<{ file: string; path: string }[]> {
  return Promise.all(
    (await imageAptFiles(image)).map(async ({ path, text }, index) => {
      const file = join(folder, `apt-${index}`);
      await writeFile(file, text);
      return { file, path };
    }),
  );
}
