import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAlive, ownedName, ownerOf } from '@nx-debian-image/artifact-store';

const prefix = 'debian-image';

/** A name of this program's objects on a host: image, the machine that builds, seconds since 1970, process. Endings tell the volumes apart. */
const pattern = new RegExp(
  String.raw`^${prefix}-.+-(?<machine>[0-9a-f]{12})-(?<seconds>\d+)-(?<owner>\d+-\d+-\d+-[0-9a-f]{12})(?:\.\w+)?$`,
);

/** A name for what a build of an image makes on a host, never used again. */
export async function machineName(image: string): Promise<string> {
  return `${prefix}-${image}-${await builder()}-${Math.floor(Date.now() / 1000)}-${await ownedName()}`;
}

/** Whether something on a host is of a build on this machine whose process is gone; nothing is known of other machines' builds. */
export async function isLeftover(name: string): Promise<boolean> {
  const { machine, seconds, owner: words = '' } = pattern.exec(name)?.groups ?? {};
  const owner = ownerOf(words);
  if (owner === undefined || machine !== (await builder())) return false;
  return !(await isAlive(owner, Number(seconds) * 1000));
}

/** This machine among all that use a host: containers may share the one or the other. */
async function builder(): Promise<string> {
  const id = await readFile('/etc/machine-id', 'utf8').catch(() => '');
  return createHash('sha256').update(`${prefix} ${id.trim()} ${hostname()}`).digest('hex').slice(0, 12);
}
