import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactDraft, type Descriptor, Store } from '@nx-debian-image/artifact-store';
import { Failure, formatBytes } from '@nx-debian-image/report';
import { newestPackageTime } from '../../debian/archive/epoch.ts';
import { digestOf } from '../../debian/archive/fetch.ts';
import { type LockedPackage, lockedPackage } from '../../debian/archive/package.ts';
import { writeRepository } from '../../debian/archive/repository.ts';
import { unpackedPackages } from '../../debian/archive/unpacked.ts';
import { lockCommand, readLock } from '../../debian/lock/read.ts';
import { type Lock, lockFileName } from '../../debian/lock/schema.ts';
import { extendScript, ramdiskLine, repositoryFolder } from '../../rootfs/extend.ts';
import { runChange } from '../../rootfs/run-change.ts';
import { type Below, besideOf, digestOfPackages, statusOf } from './below.ts';
import { installedNames, packagesAfter } from './beside.ts';
import { type ChooseOptions, resolveImagePackages } from './choose.ts';
import { bringLockedPackages, requireLockOf } from './locked.ts';
import { createBootstrapProgress } from './progress.ts';

/** What an installation leaves beside its packages: `layers` is the whole tree, and `staleRamdisk` says that a package asked for a new ramdisk. */
interface Extended {
  readonly layer?: Descriptor;
  readonly epoch: number;
  readonly packages: readonly LockedPackage[];
  readonly staleRamdisk: boolean;
}

const scriptName = 'extend.sh';

/** The lines of a failing installation that are kept. */
const saidLines = 20;

/** A tree grows by the files of its new packages, and by what their programs make of them. */
const growthFactor = 3;

/**
 * Installs what an image asks for beside the one that it starts from: chosen by apt with that one's packages as installed, and
 * installed by the tree's own apt without network. Leaves the layer of what this changed; none where there is nothing to install.
 */
export async function extend(options: ChooseOptions, below: Below): Promise<ArtifactDraft> {
  const { image, progress } = options;
  const { installed, wanted } = await besideOf(below, options);
  const lock = await readLock(image.folder, image.name);
  if (lock !== undefined) {
    // here already: a lock may name packages where image.json asks for none any more
    requireLockOf(image, lock);
    requireSameBelow(lock, below, image);
  }
  if (wanted.length === 0) progress.step(`no packages beside those of ${below.image.name}`);
  const { layer, ...extended } =
    wanted.length === 0
      ? { ...below, layer: undefined, staleRamdisk: false }
      : await addPackages(options, below, { beside: { installed, wanted }, lock });
  const { epoch, packages, staleRamdisk } = extended;
  return {
    stage: 'install',
    config: {
      release: image.release,
      architecture: image.arch,
      epoch,
      packages,
      tools: below.tools,
      from: below.image.name,
      layers: [...below.layers, ...(layer === undefined ? [] : [layer])],
      ...(layer === undefined ? {} : { staleRamdisk }),
    },
    blobs: layer === undefined ? [] : [{ name: 'rootfs.tar', descriptor: layer }],
  };
}

interface Addition {
  readonly beside: NonNullable<ChooseOptions['beside']>;
  readonly lock: Lock | undefined;
}

async function addPackages(options: ChooseOptions, below: Below, { beside, lock }: Addition): Promise<Extended> {
  const { image, store, progress, signal } = options;
  const packages =
    lock === undefined ? (await resolveImagePackages({ ...options, beside }, true)).packages : await bringLockedPackages(lock, options);
  const scratch = await store.scratch();
  try {
    const assets = join(scratch.folder, 'assets');
    await mkdir(assets);
    // uncompressed they would stay in the store for this image alone
    const own = await storeOf(packages, store, join(scratch.folder, 'packages'));
    const unpacked = await unpackedPackages(packages, own, signal);
    await writeRepository(join(assets, repositoryFolder), image.release, packages, unpacked, own);
    await writeFile(join(assets, scriptName), extendScript({ wanted: beside.wanted, recommends: image.install.recommends }));
    const epoch = Math.max(below.epoch, await newestPackageTime(unpacked, own));
    progress.step(`installing ${packages.length} packages beside those of ${below.image.name}`);
    const { layer, staleRamdisk } = await install(options, below, {
      scratch: scratch.folder,
      epoch,
      growth: growthFactor * unpacked.reduce((sum, { size }) => sum + size, 0),
      count: packages.length,
    });
    progress.note(`changed ${formatBytes(layer.size)} of the tree`);
    const names = installedNames(await statusOf([...below.layers, layer], store));
    return { layer, epoch, staleRamdisk, packages: packagesAfter(below.packages, packages.map(lockedPackage), names) };
  } finally {
    await scratch.dispose();
  }
}

interface Installation {
  readonly scratch: string;
  readonly epoch: number;
  readonly growth: number;
  readonly count: number;
}

async function install(
  options: ChooseOptions,
  { layers }: Below,
  { scratch, epoch, growth, count }: Installation,
): Promise<{ layer: Descriptor; staleRamdisk: boolean }> {
  const { image, progress } = options;
  const said: string[] = [];
  let staleRamdisk = false;
  const tell = createBootstrapProgress(progress, count);
  const onLine = (line: string): void => {
    tell(line);
    if (line === ramdiskLine) staleRamdisk = true;
    else said.push(line);
    if (said.length > saidLines) said.shift();
  };
  const doing = `installing packages of ${image.name}`;
  const outcome = await runChange({ ...options, doing, layers, scratch, script: scriptName, hostname: 'debian', epoch, growth, onLine });
  if (outcome.status === 0) return { layer: outcome.layer, staleRamdisk };
  throw new Failure('command-failed', `${doing} failed with status ${outcome.status}`, {
    where: 'the stage install',
    said: said.join('\n'),
  });
}

/** A store of some packages of another, for what is needed for a moment. */
async function storeOf(packages: readonly LockedPackage[], store: Store, folder: string): Promise<Store> {
  const own = await Store.open(folder);
  for (const entry of packages) await link(store.blobPath(digestOf(entry)), own.blobPath(digestOf(entry)));
  return own;
}

/** Fails as `invalid` where a lock was made upon other packages than the tree below has. */
function requireSameBelow(lock: Lock, below: Below, image: ChooseOptions['image']): void {
  if (lock.below === undefined || lock.below === digestOfPackages(below.packages)) return;
  throw new Failure('invalid', `${lockFileName} was made upon other packages of ${below.image.name} than it has now`, {
    where: join(image.folder, lockFileName),
    hint: `\`${lockCommand(image.name)}\` locks what goes with those.`,
  });
}
