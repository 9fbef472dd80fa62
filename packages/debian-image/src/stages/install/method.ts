import { Failure } from '@nx-debian-image/report';
import type { Image } from '../../image/index.ts';

/** Fails as `invalid` for an image that no method that there is can make. */
export function requireMethod({ name, release, install }: Pick<Image, 'name' | 'release' | 'install'>): void {
  if (install.method !== 'installer') return;
  throw new Failure('invalid', `${name} is not made yet: the method "installer" is still to come`, {
    where: 'image.json: install.method',
    hint: `${release} will be installed by debian-installer in a virtual machine. \`nx run-many -t upload\` passes the image over until then.`,
  });
}
