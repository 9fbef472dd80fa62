import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { readLock } from '../../../debian/lock/read.ts';
import { lockFileName } from '../../../debian/lock/schema.ts';
import type { Image } from '../../../image/index.ts';

/** Fails as `invalid` for an image with a lock. */
export async function requireNoLock({ name, folder }: Image): Promise<void> {
  if ((await readLock(folder, name)) === undefined) return;
  throw new Failure('invalid', `${name} has a lock, but debian-installer chooses its packages by itself`, {
    where: join(folder, lockFileName),
    hint: 'Remove the lock, or use "method": "bootstrap".',
  });
}
