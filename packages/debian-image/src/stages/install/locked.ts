import { join } from 'node:path';
import { readProxy } from '../../debian/archive/archive.ts';
import { fetchLockedPackages } from '../../debian/archive/fetch-locked.ts';
import { missingPackages } from '../../debian/archive/fetch.ts';
import { sourcesAfter } from '../../debian/archive/package-source.ts';
import { unpackedPackages } from '../../debian/archive/unpacked.ts';
import { requireFit } from '../../debian/lock/fit.ts';
import { lockCommand } from '../../debian/lock/read.ts';
import { type Lock, lockFileName } from '../../debian/lock/schema.ts';
import { readMirror } from '../../debian/mirror/read.ts';
import { releaseOf } from '../../debian/releases.ts';
import { fetchTools, lockedTools } from '../../debian/tools/locked.ts';
import type { Image } from '../../image/index.ts';
import type { ChooseOptions, ChosenPackages } from './choose.ts';
import { fieldOfPackage, lockRequest } from './request.ts';

/** Exactly the packages of a lock, and uncompressed, with the tools that it pins. Failures: those of `bringLockedPackages`. */
export async function takeLockedPackages(lock: Lock, options: ChooseOptions): Promise<ChosenPackages> {
  const { image, store, signal, hostArchitecture } = options;
  const packages = await bringLockedPackages(lock, options);
  const tools = lockedTools(lock, hostArchitecture, { image: image.name, file: join(image.folder, lockFileName) });
  await fetchTools(tools, options);
  const unpacked = await unpackedPackages(packages, store, signal);
  return { packages, suites: lock.suites, unpacked, epoch: lock.epoch, tools };
}

/**
 * Brings the packages of a lock into the store, each checked by its sha256. Those that are not there are fetched; with all of them there
 * nothing is asked of any network. Fails as `invalid` where the lock is not for this image, else as `fetchLockedPackages`.
 */
export async function bringLockedPackages(lock: Lock, options: ChooseOptions): Promise<Lock['packages']> {
  const { image, store, progress, signal, environment } = options;
  requireLockOf(image, lock);
  progress.step(`taking the ${lock.packages.length} packages of ${lockFileName}`);
  const missing = await missingPackages(lock.packages, store);
  if (missing.length > 0) {
    const mirror = await readMirror(releaseOf(image.release), image.install.mirror, environment);
    const sources = sourcesAfter(mirror, environment);
    const hint = `\`${lockCommand(image.name)}\` locks what the archive has now.`;
    await fetchLockedPackages({ packages: missing, sources, store, progress, signal, hint, proxy: await readProxy(signal) });
  }
  return lock.packages;
}

/** Fails as `invalid` where a lock is not for what an image asks for. */
export function requireLockOf(image: Image, lock: Lock): void {
  requireFit({
    locked: lock.request,
    wanted: lockRequest(image),
    image: image.name,
    file: join(image.folder, lockFileName),
    fieldOf: (name) => fieldOfPackage(name, image),
  });
}
