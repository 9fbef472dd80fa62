import { Failure } from '@nx-debian-image/report';
import { seenByGuest } from '../user-network.ts';
import { isThisMachine, type LibvirtHost, userNetwork } from './host.ts';

/**
 * An address as a guest on a host must call it. Fails as `unreachable` for one on this machine's loopback, which a guest can only reach on
 * this machine and by QEMU's own network.
 */
export function seenByLibvirtGuest(host: LibvirtHost, address: string): string {
  const seen = seenByGuest(address);
  if (seen === address || (isThisMachine(host) && host.network === userNetwork)) return seen;
  throw new Failure('unreachable', `${address} is this machine's loopback, which a guest on ${host.connect} cannot reach`, {
    hint: 'Name a mirror that it reaches: install.mirror of image.json or DEBIAN_IMAGE_MIRROR; and a proxy in the settings of apt.',
  });
}
