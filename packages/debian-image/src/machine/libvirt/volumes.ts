import { stat } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';
import { type LibvirtHost, virsh } from './host.ts';

interface Doing {
  readonly signal?: AbortSignal;
}

/** How long the removal of something may take. */
export const timeoutSeconds = 60;

/** Makes an empty volume in the host's pool; a qcow2 takes room as it is written. Gives its path there. */
export async function makeVolume(host: LibvirtHost, name: string, bytes: number, format: 'raw' | 'qcow2', doing: Doing): Promise<string> {
  const options = { ...doing, doing: `making a volume on ${host.connect}` };
  await virsh(host, ['vol-create-as', host.pool, name, String(bytes), '--format', format, '--allocation', '0'], options);
  return (await virsh(host, ['vol-path', '--pool', host.pool, name], options)).trim();
}

/** Makes a volume of a file's bytes. Gives its path there. */
export async function uploadVolume(host: LibvirtHost, name: string, file: string, doing: Doing): Promise<string> {
  const path = await makeVolume(host, name, (await stat(file)).size, 'raw', doing);
  await virsh(host, ['vol-upload', '--pool', host.pool, name, file], { ...doing, doing: `sending the installer to ${host.connect}` });
  return path;
}

/** Writes the bytes of a volume into a file here. */
export async function downloadVolume(host: LibvirtHost, name: string, file: string, doing: Doing): Promise<void> {
  await virsh(host, ['vol-download', '--pool', host.pool, name, file], { ...doing, doing: `fetching the disk from ${host.connect}` });
}

/** Removes a volume; one that is not there is no failure. */
export async function removeVolume(host: LibvirtHost, name: string): Promise<void> {
  await unlessGone(
    virsh(host, ['vol-delete', '--pool', host.pool, name], { doing: `removing a volume of ${host.connect}`, timeoutSeconds }),
  );
}

/** The names of all volumes in the host's pool. */
export async function listVolumes(host: LibvirtHost, doing: Doing): Promise<string[]> {
  const table = await virsh(host, ['vol-list', host.pool], { ...doing, doing: `listing the volumes of ${host.connect}` });
  return table.split('\n').flatMap((line) => /^\s*(\S+)\s/.exec(line)?.[1] ?? []);
}

/** Waits for the removal of something, which somebody else may have removed meanwhile. */
export async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof Failure && /not found|failed to get domain/i.test(error.said ?? ''))) throw error;
  }
}
