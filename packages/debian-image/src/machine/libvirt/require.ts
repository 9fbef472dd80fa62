import { Failure, formatBytes } from '@nx-debian-image/report';
import { type LibvirtHost, userNetwork, virsh } from './host.ts';

/** libvirt looks at each QEMU of its host first, which takes long where KVM does not work. */
const timeoutSeconds = 180;

/** The kinds of pools whose volumes are files. */
const folderPools = new Set(['dir', 'fs', 'netfs']);

/**
 * Makes sure that a host can be used before anything else is done: fails as `explainVirsh` tells, as `invalid` for a pool whose volumes are
 * no files, as `no-space` where it has less room than some bytes, and as `missing-tool` without virsh.
 */
export async function requireHost(host: LibvirtHost, bytes: number, signal?: AbortSignal): Promise<void> {
  const options = { doing: 'looking at the virtualisation host', timeoutSeconds, ...(signal === undefined ? {} : { signal }) };
  await virsh(host, ['pool-refresh', host.pool], options);
  requirePool(host, await virsh(host, ['pool-dumpxml', host.pool], options), bytes);
  if (host.network === userNetwork) return;
  if (/^Active:\s+yes$/m.test(await virsh(host, ['net-info', host.network], options))) return;
  throw new Failure('not-found', `the network "${host.network}" of ${host.connect} is not active`, {
    hint: `virsh net-start ${host.network}, and virsh net-autostart ${host.network} for the next start of the host.`,
  });
}

/** The same of what pool-dumpxml says. */
export function requirePool({ connect, pool }: LibvirtHost, xml: string, bytes: number): void {
  const type = /^<pool type='(\w+)'/.exec(xml)?.[1] ?? '';
  if (!folderPools.has(type)) {
    throw new Failure('invalid', `the storage pool "${pool}" of ${connect} is of the type ${type}, whose volumes are no files`, {
      hint: 'Name a pool that is a folder in install.installer.runner.libvirt.pool: dir, fs or netfs.',
    });
  }
  const free = Number(/<available unit='bytes'>(\d+)</.exec(xml)?.[1] ?? 0);
  if (free >= bytes) return;
  throw new Failure(
    'no-space',
    `the installation needs ${formatBytes(bytes)}, and the pool "${pool}" of ${connect} has ${formatBytes(free)}`,
    {
      hint: 'Free some space there, name another pool, or ask for a smaller install.installer.disk.',
    },
  );
}
