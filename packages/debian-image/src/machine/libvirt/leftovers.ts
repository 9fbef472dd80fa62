import type { Progress } from '@nx-debian-image/report';
import { type LibvirtHost, virsh } from './host.ts';
import { isLeftover } from './names.ts';
import { listVolumes, removeVolume, timeoutSeconds, unlessGone } from './volumes.ts';

/** Ends a machine of a host; one that is not there is no failure. */
export async function endDomain(host: LibvirtHost, name: string): Promise<void> {
  await unlessGone(virsh(host, ['destroy', name], { doing: `ending a machine on ${host.connect}`, timeoutSeconds }));
}

/** Removes what builds of this machine that were killed left on a host: the machine goes with its build, unless libvirt itself was started anew. */
export async function removeLibvirtLeftovers(host: LibvirtHost, progress: Progress, signal?: AbortSignal): Promise<void> {
  const doing = signal === undefined ? {} : { signal };
  const domains = (await virsh(host, ['list', '--name'], { ...doing, doing: `listing the machines of ${host.connect}` })).split('\n');
  for (const name of domains) if (await isLeftover(name)) await endDomain(host, name);
  for (const name of await listVolumes(host, doing)) {
    if (!(await isLeftover(name))) continue;
    await removeVolume(host, name);
    progress.note(`removed ${name} from ${host.connect}, left by a build that was killed`);
  }
}
