import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { withArchive } from '../../debian/archive/archive.ts';
import { newestPackageTime } from '../../debian/archive/epoch.ts';
import { fetchPackages } from '../../debian/archive/fetch.ts';
import { type LockedPackage, type PinnedPackage, pinnedPackage } from '../../debian/archive/package.ts';
import { resolvePackages } from '../../debian/archive/resolve.ts';
import { suitesOf } from '../../debian/archive/sources.ts';
import type { SuiteState } from '../../debian/archive/suite-state.ts';
import { unpackedPackages } from '../../debian/archive/unpacked.ts';
import { readMirror } from '../../debian/mirror/read.ts';
import { releaseOf } from '../../debian/releases.ts';
import { fetchTools } from '../../debian/tools/locked.ts';
import { resolveTools } from '../../debian/tools/resolve.ts';
import type { Image } from '../../image/index.ts';
import { imageKeyring } from './image-keyring.ts';
import { plannedPackages } from './plan.ts';

export interface ChooseOptions {
  readonly image: Image;
  readonly store: Store;
  /** This machine's architecture, as dpkg names it. */
  readonly hostArchitecture: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Choose these for a system that has something already, instead of a whole one. */
  readonly beside?: { readonly installed: string; readonly wanted: readonly string[] };
}

/** What the archive has today for an image. */
export interface Resolved {
  readonly packages: readonly PinnedPackage[];
  readonly suites: readonly SuiteState[];
}

/** What the archive has today, in the store. */
export interface FetchedPackages extends Resolved {
  /** The packages uncompressed, in the same order. */
  readonly unpacked: readonly Descriptor[];
  /** Seconds since 1970: the time of the youngest package. */
  readonly epoch: number;
}

/** All that an installation is made of; every package is in the store. */
export interface ChosenPackages extends FetchedPackages {
  /** The packages that the tools of the later stages come from, for this machine. */
  readonly tools: readonly LockedPackage[];
}

/** Chooses the packages of an image, and the tools of its later stages, and brings them into the store. */
export async function choosePackages(options: ChooseOptions): Promise<ChosenPackages> {
  const tools = await resolveTools({ ...options, architecture: options.hostArchitecture });
  await fetchTools(tools, options);
  return { ...(await fetchImagePackages(options)), tools };
}

/** Chooses the packages of an image from lists that are fetched and verified, and brings them into the store. */
export async function fetchImagePackages(options: ChooseOptions): Promise<FetchedPackages> {
  const { store, signal } = options;
  const resolved = await resolveImagePackages(options, true);
  const unpacked = await unpackedPackages(resolved.packages, store, signal);
  return { ...resolved, unpacked, epoch: await newestPackageTime(unpacked, store) };
}

/** What apt chooses for an image from fresh lists; the packages themselves are only fetched where asked for. */
export async function resolveImagePackages(options: ChooseOptions, fetch: boolean): Promise<Resolved> {
  const { image, store, progress, signal, environment, beside } = options;
  const release = releaseOf(image.release);
  const mirror = await readMirror(release, image.install.mirror, environment);
  const keyring = await imageKeyring(image, environment);
  const suites = suitesOf(release, mirror, image.install.components, image.install.pockets);
  progress.step(`choosing packages of ${release.name} for ${image.arch} (mirror from ${mirror.chosenBy})`);
  const archive = {
    store,
    suites,
    architecture: image.arch,
    recommends: image.install.recommends,
    keyring: keyring.file,
    archived: release.archived,
    signal,
  };
  return withArchive(archive, async ({ apt, proxy, suites: states }) => {
    const wanted = beside?.wanted ?? ['?essential', '?priority(required)', 'apt', ...plannedPackages(image, release)];
    const packages = await resolvePackages({ apt, wanted, installed: beside?.installed, signal });
    if (fetch) await fetchPackages({ packages, store, progress, signal, proxy });
    return { packages: packages.map((entry) => pinnedPackage(entry, mirror)), suites: states };
  });
}
