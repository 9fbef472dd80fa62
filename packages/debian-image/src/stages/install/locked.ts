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
import type { ChooseOptions, ChosenPackages } from './choose.ts';
import { fieldOfPackage, lockRequest } from './request.ts';

/**
 * Exactly the packages of a lock, each checked by its sha256. Those that the store lacks are fetched; with all of them there nothing is
 * asked of any network. Fails as `invalid` where the lock is not for this image, else as `fetchLockedPackages`.
 */
export async function takeLockedPackages(lock: Lock, options: ChooseOptions): Promise<ChosenPackages> {
  const { image, store, progress, signal, environment, hostArchitecture } = options;
  const file = join(image.folder, lockFileName);
  requireFit({
    locked: lock.request,
    wanted: lockRequest(image),
    image: image.name,
    file,
    fieldOf: (name) => fieldOfPackage(name, image),
  });
  const tools = lockedTools(lock, hostArchitecture, { image: image.name, file });
  progress.step(`taking the ${lock.packages.length} packages of ${lockFileName}`);
  const missing = await missingPackages(lock.packages, store);
  if (missing.length > 0) {
    const mirror = await readMirror(releaseOf(image.release), image.install.mirror, environment);
    const sources = sourcesAfter(mirror, environment);
    const hint = `\`${lockCommand(image.name)}\` locks what the archive has now.`;
    await fetchLockedPackages({ packages: missing, sources, store, progress, signal, hint, proxy: await readProxy(signal) });
  }
  await fetchTools(tools, options);
  const unpacked = await unpackedPackages(lock.packages, store, signal);
  return { packages: lock.packages, suites: lock.suites, unpacked, epoch: lock.epoch, tools };
}
