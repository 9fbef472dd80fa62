import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, formatBytes } from '@nx-debian-image/report';
import { readLock } from '../../../debian/lock/read.ts';
import { lockFileName } from '../../../debian/lock/schema.ts';
import type { Image } from '../../../image/index.ts';

/** Fails as `no-space` where a folder has less free space than a disk of some bytes may take. */
export async function requireRoom(folder: string, disk: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= disk) return;
  throw new Failure('no-space', `an installation to a disk of ${formatBytes(disk)} needs as much space; there are ${formatBytes(free)}`, {
    where: folder,
    hint: 'Free some space, have DEBIAN_IMAGE_STORE elsewhere, or ask for a smaller install.installer.disk.',
  });
}

/** Fails as `invalid` for an image with a lock. */
export async function requireNoLock({ name, folder }: Image): Promise<void> {
  if ((await readLock(folder, name)) === undefined) return;
  throw new Failure('invalid', `${name} has a lock, but debian-installer chooses its packages by itself`, {
    where: join(folder, lockFileName),
    hint: 'Remove the lock, or use "method": "bootstrap".',
  });
}
