import type { Store } from '../store.ts';
import { collect, type Collected } from './collect.ts';
import { bytesOf, scanStore } from './scan.ts';
import { addUsage, readUsage, writeUsage } from './usage.ts';

/** A collection frees a little more than it must, so that not each one that adds something has to collect. */
const share = 0.9;

/** The stages of one run are processes of their own, minutes apart at most. */
const graceMs = 10 * 60 * 1000;

/**
 * Collects where a store has grown over its limit (bytes); undefined where it has not, which costs a millisecond. What it keeps is
 * estimated, and looked up once a day or when the estimate is over the limit.
 */
export async function keepWithin(store: Store, limit: number): Promise<Collected | undefined> {
  await addUsage(store, store.takeAddedBytes());
  const known = await readUsage(store);
  if (known !== undefined && known <= limit) return undefined;
  const found = bytesOf(await scanStore(store));
  if (found > limit) return collect(store, { limit: limit * share, graceMs });
  await writeUsage(store, found);
  return undefined;
}
