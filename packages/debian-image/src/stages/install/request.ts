import type { LockRequest } from '../../debian/lock/schema.ts';
import { releaseOf } from '../../debian/releases.ts';
import type { Image } from '../../image/index.ts';
import { packagesForNetwork, plannedPackages } from './plan.ts';

/** What an image asks of the archive, as its lock records it. */
export function lockRequest(image: Image): LockRequest {
  const { components, pockets, recommends } = image.install;
  return {
    release: image.release,
    ...(image.parent === undefined ? {} : { from: image.parent.name }),
    arch: image.arch,
    components: [...components],
    pockets: [...pockets],
    recommends,
    packages: plannedPackages(image, releaseOf(image.release)),
  };
}

/** The field of image.json that a package is there for; see `plannedPackages`. */
export function fieldOfPackage(name: string, image: Image): string {
  if (image.packages.includes(name)) return 'packages';
  if (name.startsWith('linux-image-')) return 'kernel';
  if (packagesForNetwork(image, releaseOf(image.release)).includes(name)) return 'network';
  return { locales: 'locales', tzdata: 'timezone', sudo: 'users' }[name] ?? 'packages';
}
