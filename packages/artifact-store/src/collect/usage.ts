import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inFolder, unlessMissing } from '../file-errors.ts';
import { ownedName } from '../owner.ts';
import type { Store } from '../store.ts';

/** How long a size that was looked up counts: what a killed process added, or a person removed, is not noted. */
const freshMs = 24 * 3600 * 1000;

const fileOf = (store: Store): string => join(store.folder, 'usage');

/**
 * About how many bytes a store keeps, without looking at it: what was found there last, and on a line each what processes have added since.
 * Undefined where that is not known, or not lately.
 */
export async function readUsage(store: Store, now = Date.now()): Promise<number | undefined> {
  const [first = '', ...added] = ((await unlessMissing(readFile(fileOf(store), 'utf8'))) ?? '').trim().split('\n');
  const [, bytes, at] = /^(\d+) (\d+)$/.exec(first) ?? [];
  if (bytes === undefined || now - Number(at) > freshMs) return undefined;
  return added.reduce((sum, line) => sum + (Number(line) || 0), Number(bytes));
}

/** Notes how many bytes were found. */
export async function writeUsage(store: Store, bytes: number): Promise<void> {
  const next = join(store.folder, 'scratch', await ownedName());
  await inFolder(store.folder, async () => {
    await writeFile(next, `${bytes} ${Date.now()}\n`);
    await rename(next, fileOf(store));
  });
}

/** Notes bytes that have been added; any number of processes may do so at once. */
export async function addUsage(store: Store, bytes: number): Promise<void> {
  if (bytes > 0) await inFolder(store.folder, () => appendFile(fileOf(store), `${bytes}\n`));
}
