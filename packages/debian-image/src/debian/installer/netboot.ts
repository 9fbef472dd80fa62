import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { command, run } from '../../host/index.ts';
import { type Archive, type ArchiveOptions, readProxy, withArchive } from '../archive/archive.ts';
import { download, type DownloadOptions } from '../archive/download.ts';
import { digestOf, fetchPackages } from '../archive/fetch.ts';
import { resolvePackages } from '../archive/resolve.ts';
import { trim } from '../mirror/choose.ts';
import type { Architecture } from '../names.ts';
import type { Release } from '../releases.ts';
import { takeFromMirror } from './from-mirror.ts';
import { netbootFiles, netbootPackage, packagedFolder } from './places.ts';

/** The kernel and the ramdisk of debian-installer as it starts from a network. */
export interface Netboot {
  readonly kernel: Descriptor;
  readonly ramdisk: Descriptor;
}

export interface NetbootOptions extends Omit<ArchiveOptions, 'architecture' | 'recommends'>, Omit<DownloadOptions, 'proxy'> {
  readonly release: Release;
  readonly architecture: Architecture;
  /** The address of the mirror. */
  readonly mirror: string;
  /** A folder or an address with the files, in place of the archive. */
  readonly source?: string | undefined;
  /** The folder that `source` is relative to. */
  readonly folder: string;
}

/**
 * Brings the installer of a release into the store: from the source that is named; else from the mirror's installer folder, by the digests
 * that its signed Release file leads to; else out of the archive's package. Fails as `not-found` where it is nowhere.
 */
export async function bringNetboot(options: NetbootOptions): Promise<Netboot> {
  const { source, progress, release, architecture } = options;
  progress.step(`bringing debian-installer of ${release.name} for ${architecture}`);
  if (source !== undefined) return takeFromSource(source, options);
  return withArchive({ ...options, recommends: false }, async (archive) => {
    const found = await takeFromMirror(archive, options);
    if (found !== undefined) return found;
    progress.note('the installer folder of the mirror does not have it; taking the package');
    return takeFromPackage(archive, options);
  });
}

async function takeFromSource(source: string, options: NetbootOptions): Promise<Netboot> {
  if (!/^https?:/.test(source)) return takeFromFolder(resolve(options.folder, source), options.store);
  const scratch = await options.store.scratch();
  try {
    const proxy = await readProxy(options.signal);
    const wanted = Object.values(netbootFiles).map((name) => ({ uri: `${trim(source)}/${name}`, name }));
    const lost = await download(wanted, scratch.folder, 'fetching debian-installer', { ...options, proxy });
    if (lost.size === 0) return await takeFromFolder(scratch.folder, options.store);
    throw missing([...lost.keys()].join(' and '), source);
  } finally {
    await scratch.dispose();
  }
}

async function takeFromFolder(folder: string, store: Store): Promise<Netboot> {
  const take = (name: string): Promise<Descriptor> =>
    store.putStream(createReadStream(join(folder, name))).catch((error: unknown) => {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing(name, folder) : error;
    });
  return { kernel: await take(netbootFiles.kernel), ramdisk: await take(netbootFiles.ramdisk) };
}

function missing(names: string, where: string): Failure {
  const hint = 'install.installer.source of image.json must lead to a folder with linux and initrd.gz of debian-installer.';
  return new Failure('not-found', `there is no ${names} of debian-installer`, { where, hint });
}

async function takeFromPackage({ apt, proxy }: Archive, options: NetbootOptions): Promise<Netboot> {
  const { release, architecture, store, signal } = options;
  const name = netbootPackage(release, architecture);
  const packages = await resolvePackages({ apt, wanted: [name], signal });
  await fetchPackages({ ...options, packages, proxy });
  const scratch = await store.scratch();
  try {
    for (const entry of packages.filter((candidate) => candidate.name === name)) {
      const unpack = command('dpkg-deb', ['--extract', store.blobPath(digestOf(entry)), scratch.folder]);
      await run(unpack, { doing: `unpacking ${name} ${entry.version}`, signal });
    }
    return await takeFromFolder(join(scratch.folder, packagedFolder(release, architecture)), store);
  } finally {
    await scratch.dispose();
  }
}
