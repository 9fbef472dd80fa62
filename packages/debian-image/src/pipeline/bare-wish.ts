import { join } from 'node:path';
import { bootLoaderOf, firmwareOf } from '../debian/boot-loader.ts';
import { readLock } from '../debian/lock/read.ts';
import { lockFileName } from '../debian/lock/schema.ts';
import { lockedBootLoader, resolveBootLoader, resolveBootLoaderTools } from '../debian/tools/boot-loader.ts';
import { fetchTools } from '../debian/tools/locked.ts';
import { openToolTree } from '../debian/tools/tree.ts';
import type { BareWish } from '../stages/convert/boot-loader.ts';
import type { Build } from './build.ts';
import { hostArchitecture } from './host-architecture.ts';

/**
 * What the disk of a build is to boot by, with the packages of its lock, else those chosen on this machine, in the store; undefined where
 * image.json asks for no bare disk. Failures: those of `lockedBootLoader` and `fetchTools`.
 */
export async function bareWishOf(build: Build): Promise<BareWish | undefined> {
  const { image, store, signal } = build;
  const { arch, disk, name, folder } = image;
  if (disk.bare.length === 0) return undefined;
  const options = { ...build, architecture: await hostArchitecture(signal) };
  const lock = await readLock(folder, name);
  const packages =
    lock === undefined
      ? [...(await resolveBootLoaderTools(options)), ...(await resolveBootLoader(arch, options))]
      : lockedBootLoader(lock, options.architecture, { image: name, file: join(folder, lockFileName) });
  await fetchTools(packages, build);
  const tools = await openToolTree(packages, store, signal);
  return { firmware: firmwareOf(arch, disk.table), source: bootLoaderOf(arch)!, tools, packages, kernel: disk.kernel };
}
