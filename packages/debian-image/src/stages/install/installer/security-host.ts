import { Failure } from '@nx-debian-image/report';
import type { Release } from '../../../debian/releases.ts';

/**
 * What the installer calls the host of security updates. It writes `http://HOST/debian-security` from stretch on, before it `http://HOST/` (the generators of apt-setup), so for the older
 * ones the folder goes along with the host. Fails as `invalid` for an address that it cannot write.
 */
export function securityHost(address: string, { version }: Release): string {
  const { host, pathname, protocol } = new URL(address);
  const place = `${host}${pathname}`.replace(/\/+$/, '');
  const folder = '/debian-security';
  if (protocol === 'http:' && version <= 8) return place;
  if (protocol === 'http:' && place.endsWith(folder)) return place.slice(0, -folder.length);
  throw new Failure('invalid', `debian-installer cannot take security updates from ${address}`, {
    where: 'image.json: install.pockets',
    hint: 'It only knows http addresses that end with /debian-security. Name another in DEBIAN_IMAGE_SECURITY_MIRROR, or leave "security" out of install.pockets.',
  });
}
