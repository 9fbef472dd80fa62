import { rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unlessMissing } from '../file-errors.ts';
import { removePlainly } from '../leftovers.ts';
import type { Digest } from '../manifest.ts';
import { ownedName } from '../owner.ts';
import type { Store } from '../store.ts';
import { collecting, oldestHold } from './hold.ts';
import { bytesOf, scanStore, type StoreContent, type StoredBlob, type StoredFolder } from './scan.ts';
import { writeUsage } from './usage.ts';

export interface CollectOptions {
  /** The bytes that may stay. */
  readonly limit: number;
  /** What was used within so many milliseconds stays too: the stages of one run are processes of their own. */
  readonly graceMs?: number;
}

/** What a collector has done; sizes in bytes. */
export interface Collected {
  readonly freed: number;
  readonly removed: number;
  /** What the store still keeps. */
  readonly left: number;
}

/** What can be made out of another blob counts as used so much earlier: it is the cheapest to lose. */
const memoHandicapMs = 24 * 3600 * 1000;

/** Clocks of file systems tick more slowly than that of the process. */
const clockMs = 1000;

/**
 * Removes what was not used for longest until no more than the limit stays. What a process uses that works with the store, in any checkout, stays
 * in any case; so does what has another name, for that would free nothing. One collector works at a time.
 */
export async function collect(store: Store, { limit, graceMs = 0 }: CollectOptions): Promise<Collected> {
  const lock = await store.holdLock(collecting);
  try {
    const began = Date.now();
    const content = await scanStore(store);
    const protectedMs = Math.min(began - graceMs, (await oldestHold(store)) ?? began) - clockMs;
    let left = bytesOf(content);
    const before = left;
    const gone = new Set<Digest>();
    let removed = 0;
    for (const candidate of candidatesOf(content, protectedMs)) {
      if (left <= limit) break;
      const done = 'digest' in candidate ? await removeBlob(store, candidate, began) : await removeFolder(store, candidate);
      if (!done) continue;
      if ('digest' in candidate) gone.add(candidate.digest);
      left -= candidate.bytes;
      removed += 1;
    }
    await forgetMemos(store, content, gone);
    await writeUsage(store, left);
    return { freed: before - left, removed, left };
  } finally {
    await lock.release();
  }
}

/** What may go, that first which is to go first: blobs put aside as corrupt, then by use. Tools stay: builds run them where they are. */
function candidatesOf({ blobs, folders, memos }: StoreContent, protectedMs: number): (StoredBlob | StoredFolder)[] {
  const made = new Set(memos.map(({ digest }) => digest));
  const age = (item: StoredBlob | StoredFolder): number => {
    if ('digest' in item) return item.usedMs - (made.has(item.digest) ? memoHandicapMs : 0);
    return item.name.startsWith('corrupt/') ? 0 : item.usedMs;
  };
  const free = [...blobs.filter(({ linked }) => !linked), ...folders.filter(({ name }) => !name.startsWith('tools/'))];
  return free.filter(({ usedMs }) => usedMs < protectedMs).toSorted((a, b) => age(a) - age(b));
}

/** Puts a blob out of reach first: should it have been used since the collector began, it comes back. */
async function removeBlob(store: Store, { digest }: StoredBlob, began: number): Promise<boolean> {
  const [path, away] = [store.blobPath(digest), join(store.folder, 'scratch', await ownedName())];
  if ((await unlessMissing(rename(path, away).then(() => true))) === undefined) return false;
  const { atimeMs, nlink } = await stat(away);
  if (atimeMs >= began - clockMs || nlink > 1) {
    await rename(away, path);
    return false;
  }
  await rm(away, { force: true });
  return true;
}

/** A folder such as lists of packages, which are worked on under a lock of its name. */
async function removeFolder(store: Store, { name }: StoredFolder): Promise<boolean> {
  const lock = await store.holdLock(basename(name), { waitSeconds: 0 }).catch(() => undefined);
  if (lock === undefined) return false;
  try {
    const away = join(store.folder, 'scratch', await ownedName());
    await unlessMissing(rename(join(store.folder, name), away));
    await removePlainly(away);
    return true;
  } finally {
    await lock.release();
  }
}

async function forgetMemos(store: Store, { blobs, memos }: StoreContent, gone: ReadonlySet<Digest>): Promise<void> {
  const there = new Set(blobs.map(({ digest }) => digest));
  for (const { kind, key, digest } of memos) {
    if (there.has(digest) && !gone.has(digest)) continue;
    // It may have been made again in this moment.
    if ((await unlessMissing(stat(store.blobPath(digest)))) === undefined)
      await unlessMissing(unlink(join(store.folder, 'memo', kind, key)));
  }
}
