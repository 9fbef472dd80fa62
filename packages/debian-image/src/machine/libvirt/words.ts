import { Failure, type Reason } from '@nx-debian-image/report';
import { type Command, printable } from '../../host/index.ts';
import type { LibvirtHost } from './host.ts';

interface Words {
  readonly pattern: RegExp;
  readonly reason: Reason;
  readonly message: (host: LibvirtHost) => string;
  readonly hint: (host: LibvirtHost) => string;
}

/** What libvirt 9 and ssh say, the first that fits. */
const known: readonly Words[] = [
  {
    pattern: /Host key verification failed|Permission denied \(|Too many authentication failures/,
    reason: 'refused',
    message: ({ connect }) => `ssh is refused by ${connect}`,
    hint: () => 'Nobody is asked for a password: log in there by ssh once, with a key that needs none or is in an agent.',
  },
  {
    pattern: /Failed to connect socket to .*Permission denied|authentication unavailable|authentication failed|access denied/i,
    reason: 'refused',
    message: ({ connect }) => `${connect} may not be used by this user`,
    hint: () => 'The group libvirt there may use it; "qemu:///session" needs no such right.',
  },
  {
    pattern: /Failed to connect socket to|unable to connect to server at|Cannot recv data|End of file while reading|Disconnected from/,
    reason: 'unreachable',
    message: ({ connect }) => `no libvirt answers at ${connect}`,
    hint: () => 'Is the address right, and does libvirtd or virtqemud run there? By ssh the host needs netcat-openbsd too.',
  },
  {
    pattern: /Storage pool not found/,
    reason: 'not-found',
    message: ({ connect, pool }) => `${connect} has no storage pool "${pool}"`,
    hint: ({ pool }) => `Name another (virsh pool-list), or make it: virsh pool-define-as ${pool} dir --target FOLDER`,
  },
  {
    pattern: /storage pool .* is not active/,
    reason: 'not-found',
    message: ({ connect, pool }) => `the storage pool "${pool}" of ${connect} is not active`,
    hint: ({ pool }) => `virsh pool-start ${pool}, and virsh pool-autostart ${pool} for the next start of the host.`,
  },
  {
    pattern: /Network not found/,
    reason: 'not-found',
    message: ({ connect, network }) => `${connect} has no network "${network}"`,
    hint: () => 'Name another in install.installer.runner.libvirt.network (virsh net-list --all), or "user" for the one of QEMU itself.',
  },
  {
    pattern: /No space left on device|cannot extend file|cannot allocate \d+ bytes/i,
    reason: 'no-space',
    message: ({ connect, pool }) => `no room is left in the storage pool "${pool}" of ${connect}`,
    hint: () => 'Free some space there, name another pool, or ask for a smaller install.installer.disk.',
  },
];

/** What virsh failed at as a clear failure: `refused`, `unreachable`, `not-found` or `no-space`; undefined for other words. */
export function explainVirsh(said: string, doing: string, host: LibvirtHost, call: Command): Failure | undefined {
  const words = known.find(({ pattern }) => pattern.test(said));
  if (words === undefined) return undefined;
  const { reason, message, hint } = words;
  return new Failure(reason, `${doing}: ${message(host)}`, { where: printable(call), said, hint: hint(host) });
}
