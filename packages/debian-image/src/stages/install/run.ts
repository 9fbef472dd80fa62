import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactDraft, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { withArchive } from '../../debian/archive/archive.ts';
import { newestPackageTime } from '../../debian/archive/epoch.ts';
import { fetchPackages } from '../../debian/archive/fetch.ts';
import { lockedPackage, type Package } from '../../debian/archive/package.ts';
import { writeRepository } from '../../debian/archive/repository.ts';
import { resolvePackages } from '../../debian/archive/resolve.ts';
import { renderImageApt, suitesOf } from '../../debian/archive/sources.ts';
import { unpackedPackages } from '../../debian/archive/unpacked.ts';
import { keyringFile } from '../../debian/keyring.ts';
import { securityBeside } from '../../debian/mirror/choose.ts';
import { readMirror, readPublicMirror } from '../../debian/mirror/read.ts';
import { ramdiskPrograms, ramdiskTool } from '../../debian/ramdisk.ts';
import { releaseOf } from '../../debian/releases.ts';
import { resolveTools } from '../../debian/tools/resolve.ts';
import { isRoot, run } from '../../host/index.ts';
import type { Image } from '../../image/index.ts';
import { bootstrapLayer, planBootstrap } from '../../rootfs/bootstrap.ts';
import { layerType } from '../../rootfs/layers.ts';
import { chooseMemory } from '../../rootfs/space.ts';
import { requireMethod } from './method.ts';
import { plannedPackages } from './plan.ts';
import { createBootstrapProgress } from './progress.ts';

export interface InstallOptions {
  readonly image: Image;
  readonly store: Store;
  /** This machine's architecture, as dpkg names it. */
  readonly hostArchitecture: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

/** A tree in memory takes its packages' files and as much again for what apt and dpkg keep beside them. */
const treeFactor = 2.2;

/**
 * Installs the system of an image: its packages chosen by apt from verified lists, fetched into the store, unpacked and configured
 * by mmdebstrap without root and without network. Leaves the layer `rootfs.tar`, and in its config what it was made of.
 */
export async function install(options: InstallOptions): Promise<ArtifactDraft> {
  const { image, store, progress, signal } = options;
  requireMethod(image);
  const release = releaseOf(image.release);
  const tools = await resolveTools({ ...options, architecture: options.hostArchitecture });
  const packages = await choosePackages(options);
  const unpacked = await unpackedPackages(packages, store, signal);
  const epoch = await newestPackageTime(unpacked, store);
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

async function choosePackages({ image, store, progress, signal, environment }: InstallOptions): Promise<Package[]> {
  const release = releaseOf(image.release);
  const mirror = await readMirror(release, image.install.mirror, environment);
  const keyring = image.install.keyring === undefined ? await keyringFile(release) : join(image.folder, image.install.keyring);
  const suites = suitesOf(release, mirror, image.install.components, image.install.pockets);
  progress.step(`choosing packages of ${release.name} for ${image.arch} (mirror from ${mirror.chosenBy})`);
  const archive = {
    store,
    suites,
    architecture: image.arch,
    recommends: image.install.recommends,
    keyring,
    archived: release.archived,
    signal,
  };
  return withArchive(archive, async ({ apt, proxy }) => {
    const wanted = ['?essential', '?priority(required)', 'apt', ...plannedPackages(image, release)];
    const packages = await resolvePackages({ apt, wanted, signal });
    await fetchPackages({ packages, store, progress, signal, proxy });
    return packages;
  });
}

/** Writes what the image's own apt is told into the folder. */
async function writeAptFiles(image: Image, folder: string): Promise<{ file: string; path: string }[]> {
  const files = renderImageApt(releaseOf(image.release), await imageSuites(image));
  return Promise.all(
    files.map(async ({ path, text }, index) => {
      const file = join(folder, `apt-${index}`);
      await writeFile(file, text);
      return { file, path };
    }),
  );
}

/** The suites for the image's own apt: of the mirror of image.json, else of the public one, never of one of this machine alone. */
async function imageSuites(image: Image): Promise<ReturnType<typeof suitesOf>> {
  const release = releaseOf(image.release);
  const main = image.install.mirror ?? (await readPublicMirror(release)) ?? (await readMirror(release, undefined, {})).main;
  return suitesOf(release, { main, security: securityBeside(main) }, image.install.components, image.install.pockets);
}
