// A process of its own for tests: `worker.ts <task> <folder> [argument]`.
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from '@nx-debian-image/report';
import { writeArtifact } from '../artifact.ts';
import { holdStore } from '../collect/hold.ts';
import { holdLock } from '../lock.ts';
import { Store } from '../store.ts';

const [task, folder = '', argument = ''] = process.argv.slice(2);

async function* slowly(bytes: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytes; done += 1 << 16) {
    yield Buffer.alloc(1 << 16, (done >> 16) % 251);
    await sleep(1);
  }
}

async function* endless(talk = true): AsyncGenerator<Buffer> {
  for (;;) {
    yield Buffer.alloc(1 << 16, 7);
    if (!talk) continue;
    console.log('writing');
    await sleep(20);
  }
}

const tasks: Record<string, () => Promise<void>> = {
  // Adds 1 to a number in a file, so slowly that only the lock keeps additions from being lost.
  async count() {
    for (let round = 0; round < Number(argument); round += 1) {
      const lock = await holdLock(folder, 'counter', { waitSeconds: 30 });
      const file = join(folder, 'count');
      const count = Number(await readFile(file, 'utf8'));
      await sleep(5);
      await writeFile(file, String(count + 1));
      await lock.release();
    }
  },
  async put() {
    const store = await Store.open(folder);
    console.log((await store.putStream(Readable.from(slowly(Number(argument))))).digest);
  },
  // Holds a lock, a scratch folder and an unfinished blob until it is killed.
  async hold() {
    const store = await Store.open(folder);
    await store.holdLock(argument);
    await writeFile(join((await store.scratch()).folder, 'half'), 'half');
    await store.putStream(Readable.from(endless()));
  },
  // Fills the store, then puts a file from another file system into it.
  async full() {
    const store = await Store.open(join(folder, 'store'));
    const error: unknown = await store.putStream(Readable.from(endless(false))).catch((thrown: unknown) => thrown);
    const { reason, message } = error as Failure;
    const leftInScratch = await readdir(join(store.folder, 'scratch'));
    await writeFile(argument, 'elsewhere');
    const { digest } = await store.putFile(argument);
    const [taken, sourceThere] = [await store.verify(digest), existsSync(argument)];
    console.log(JSON.stringify({ full: { reason, message }, leftInScratch, taken, sourceThere }));
  },
  // Works with the store and uses a blob until it is killed.
  async use() {
    const store = await Store.open(folder);
    await holdStore(store);
    console.log(await store.has(argument as `sha256:${string}`));
    await sleep(3_600_000);
  },
  // Asks again and again for blobs, makes those that are gone, and reads them: none that it was told of may be missing then.
  async churn() {
    const store = await Store.open(folder);
    await holdStore(store);
    for (let round = 0; round < 40; round += 1) {
      const bytes = String(round % 20).repeat(5000);
      const { digest } = await store.putBytes(bytes, 'text/plain');
      await sleep(5);
      if ((await store.read(digest)).toString() !== bytes) throw new Error('other bytes');
    }
    console.log('all there');
  },
  // Holds the collector's lock until it is killed.
  async collecting() {
    const store = await Store.open(folder);
    await store.holdLock('collecting');
    console.log('collecting');
    await sleep(3_600_000);
  },
  async artifacts() {
    const store = await Store.open(folder);
    for (let round = 0; ; round += 1) {
      await writeArtifact(argument, store, { stage: 'install', config: { round }, blobs: [] });
      if (round === 20) console.log('writing');
    }
  },
};

await tasks[task ?? '']!();
