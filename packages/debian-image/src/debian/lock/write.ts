import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inFolder, ownedName } from '@nx-debian-image/artifact-store';
import { lockFileName, type UnsealedLock } from './schema.ts';
import { renderLock } from './text.ts';

/** Writes the lock of an image into its folder; it appears whole, by rename. */
export async function writeLock(folder: string, lock: UnsealedLock): Promise<void> {
  const temporary = join(folder, `.${lockFileName}.${await ownedName()}`);
  await inFolder(folder, async () => {
    try {
      await writeFile(temporary, renderLock(lock));
      await rename(temporary, join(folder, lockFileName));
    } finally {
      await rm(temporary, { force: true });
    }
  });
}
