import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '@nx-debian-image/report';
import { unlessMissing } from './file-errors.ts';
import { isAlive, ownedName, ownerOf } from './owner.ts';

/** Removes a folder or file with all that is in it. Given by callers whose folders hold files of subordinate uids. */
export type Remove = (path: string) => Promise<void>;

/** Removes with the rights of this user. */
export const removePlainly: Remove = (path) => rm(path, { recursive: true, force: true });

/**
 * Removes what processes that are gone left in a folder under names of `ownedName`, after an optional prefix; other names stay.
 * What cannot be removed stays for a later run, with a warning.
 */
export async function removeLeftovers(folder: string, remove: Remove, progress: Progress, prefix = ''): Promise<void> {
  for (const name of (await unlessMissing(readdir(folder))) ?? []) {
    const owner = name.startsWith(prefix) ? ownerOf(name.slice(prefix.length)) : undefined;
    if (owner === undefined) continue;
    const stats = await unlessMissing(stat(join(folder, name)));
    if (stats === undefined || (await isAlive(owner, stats.mtimeMs))) continue;
    // Renamed first: of several runs only one gets it, and should this one be killed, the name says so to the next.
    const own = join(folder, `${prefix}${await ownedName()}`);
    if ((await unlessMissing(rename(join(folder, name), own).then(() => true))) === undefined) continue;
    try {
      await remove(own);
    } catch (error) {
      progress.warn(`${own}, left by a run that was killed, cannot be removed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
