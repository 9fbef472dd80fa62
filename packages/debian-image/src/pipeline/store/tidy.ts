import { type Collected, keepWithin, type Store } from '@nx-debian-image/artifact-store';
import { Failure, formatBytes, type Progress } from '@nx-debian-image/report';
import { limitOf, type LimitSources } from './limit.ts';

/** Keeps a store within its limit after some work, and says in a line what went. What goes wrong here is no reason to fail what has been made. */
export async function tidyStore(store: Store, sources: LimitSources, progress: Progress): Promise<void> {
  try {
    const limit = await limitOf(store.folder, sources);
    if (limit === Number.POSITIVE_INFINITY) return;
    const done = await keepWithin(store, limit);
    if (done !== undefined) progress.note(collectedInWords(done, limit));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    progress.warn(`the store was not tidied: ${error.message}${error.where === undefined ? '' : ` (${error.where})`}`);
  }
}

/** `the store was over its limit of 20 GiB: 2.1 GiB freed, 17.9 GiB left`. */
export function collectedInWords({ freed, removed, left }: Collected, limit: number): string {
  const over = left > limit ? '; what is left is in use or was minutes ago, or has another name' : '';
  const blobs = removed === 1 ? '1 blob' : `${removed} blobs`;
  return `the store's limit is ${formatBytes(limit)}: ${formatBytes(freed)} freed (${blobs}), ${formatBytes(left)} left${over}`;
}
