import { mkdir, readdir, rename, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type Progress, silent } from '@nx-debian-image/report';
import { codeOf, inFolder, unlessMissing } from './file-errors.ts';
import { removeLeftovers, removePlainly } from './leftovers.ts';
import { isAlive, type Owner, ownedName, ownerInWords, ownerOf } from './owner.ts';

export interface LockOptions {
  /** How long to wait for another holder before it is a Failure `busy`; 600 where not given. */
  readonly waitSeconds?: number;
  /** Hears who is waited for. */
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface Lock {
  release(): Promise<void>;
}

const pollMs = 200;

/**
 * Holds a lock alone among all processes of this machine that name the same folder and name. Failures: `busy`, `cancelled`.
 *
 * The lock is a folder `<name>.lock`, and it is held while one entry, named by its holder, is in it. Why no two hold it, and none is stuck:
 * - It is taken by renaming a folder that holds the own entry onto it. rename(2) replaces a folder only while that is empty, at once.
 * - An entry is only removed under its own name, which is never used again: by its holder, or by one who finds the holder gone.
 *   Two who find so at once remove the same entry, never the entry of one who came in between.
 */
export async function holdLock(folder: string, name: string, options: LockOptions = {}): Promise<Lock> {
  const { waitSeconds = 600, progress = silent, signal } = options;
  const lock = join(folder, `${encodeURIComponent(name)}.lock`);
  await inFolder(folder, () => mkdir(folder, { recursive: true }));
  await removeLeftovers(folder, removePlainly, progress);
  const entry = await ownedName();
  const end = Date.now() + waitSeconds * 1000;
  let told: string | undefined;
  for (;;) {
    const holder = await livingHolder(lock);
    if (holder === undefined) {
      if (await take(folder, lock, entry)) return { release: () => release(lock, entry) };
      continue;
    }
    const who = await ownerInWords(holder);
    if (Date.now() >= end) {
      throw new Failure('busy', `${name} is in use by ${who}`, {
        where: lock,
        hint: 'Wait until it has ended, or end it, and start again.',
      });
    }
    if (who !== told) progress.note(`waiting for ${who}, which uses ${name}`);
    told = who;
    await pause(name, signal);
  }
}

async function livingHolder(lock: string): Promise<Owner | undefined> {
  for (const entry of (await unlessMissing(readdir(lock))) ?? []) {
    const owner = ownerOf(entry);
    const stats = await unlessMissing(stat(join(lock, entry)));
    if (stats === undefined) continue;
    if (owner !== undefined && (await isAlive(owner, stats.mtimeMs))) return owner;
    await unlessMissing(unlink(join(lock, entry)));
  }
  return undefined;
}

async function take(folder: string, lock: string, entry: string): Promise<boolean> {
  const claim = join(folder, entry);
  try {
    await inFolder(folder, async () => {
      await mkdir(claim);
      await writeFile(join(claim, entry), '');
    });
    await rename(claim, lock);
    return true;
  } catch (error) {
    await removePlainly(claim);
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

async function release(lock: string, entry: string): Promise<void> {
  await unlessMissing(unlink(join(lock, entry)));
  try {
    await rmdir(lock);
  } catch (error) {
    // The next one has it already, or has tidied up.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
  }
}

async function pause(name: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(pollMs, undefined, { signal });
  } catch (error) {
    throw new Failure('cancelled', `waiting for ${name}: cancelled`, { cause: error });
  }
}
