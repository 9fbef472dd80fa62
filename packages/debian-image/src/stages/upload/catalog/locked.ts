import { join } from 'node:path';
import { holdLock, removeLeftovers, removePlainly } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { imagesIn } from './versions.ts';

/** Does something while no one else changes the catalog. Failure `busy`. */
export async function underLock<T>(
  catalog: string,
  progress: Progress,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await holdLock(join(catalog, '.locks'), 'catalog', { progress, ...(signal === undefined ? {} : { signal }) });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Removes unfinished folders and files of runs that were killed. */
export async function tidy(catalog: string, progress: Progress): Promise<void> {
  const folders = [join(catalog, 'streams', 'v1'), ...(await imagesIn(catalog)).map((image) => join(catalog, image))];
  for (const folder of folders) await removeLeftovers(folder, removePlainly, progress, '.');
}
