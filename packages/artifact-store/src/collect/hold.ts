import { unlinkSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silent } from '@nx-debian-image/report';
import { inFolder, unlessMissing } from '../file-errors.ts';
import { removeLeftovers, removePlainly } from '../leftovers.ts';
import { ownedName } from '../owner.ts';
import type { Store } from '../store.ts';

/** The lock that a collector works under. */
export const collecting = 'collecting';

const folderOf = (store: Store): string => join(store.folder, 'holds');

/** The holds of this process, which end with it. */
const held = new Map<string, Promise<void>>();

/**
 * Says that this process works with a store until it ends, however it ends: what it uses from now on no collector takes away. Waits for one
 * that is at work, so that one that comes later sees this hold, and one before it has gone.
 */
export function holdStore(store: Store): Promise<void> {
  const known = held.get(store.folder) ?? hold(store);
  held.set(store.folder, known);
  return known;
}

async function hold(store: Store): Promise<void> {
  const file = join(folderOf(store), await ownedName());
  await inFolder(store.folder, async () => {
    await mkdir(folderOf(store), { recursive: true });
    await writeFile(file, '');
  });
  process.once('exit', () => {
    try {
      unlinkSync(file);
    } catch {
      // the store is gone, or is another's
    }
  });
  const lock = await store.holdLock(collecting);
  await lock.release();
}

/** When the oldest process that works with a store began, in milliseconds since 1970; undefined where there is none. */
export async function oldestHold(store: Store): Promise<number | undefined> {
  const folder = folderOf(store);
  await removeLeftovers(folder, removePlainly, silent);
  const times: number[] = [];
  for (const name of (await unlessMissing(readdir(folder))) ?? []) {
    const found = await unlessMissing(stat(join(folder, name)));
    if (found !== undefined) times.push(found.mtimeMs);
  }
  return times.length === 0 ? undefined : Math.min(...times);
}
