import { link, lstat, mkdir, readdir, readlink, rm, stat, symlink, truncate, chmod, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silent } from '@nx-debian-image/report';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../manifest.ts';
import { recall, remember } from '../memo.ts';
import { Store } from '../store.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { killInTheMiddle, startWorker } from '../testing/processes.ts';
import { collect } from './collect.ts';
import { keepWithin } from './keep-within.ts';
import { bytesOf, scanStore } from './scan.ts';
import { readUsage } from './usage.ts';

const size = 64 << 10;
const hourMs = 3600 * 1000;

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await temporaryFolder();
  store = await Store.open(join(folder, 'store'));
});

/** A blob of 64 KiB that was last used some hours ago. */
async function blob(letter: string, hours: number): Promise<Digest> {
  const { digest } = await store.putBytes(letter.repeat(size), 'text/plain');
  await age(digest, hours);
  return digest;
}

async function age(digest: Digest, hours: number): Promise<void> {
  const then = (Date.now() - hours * hourMs) / 1000;
  await utimes(store.blobPath(digest), then, Math.floor(then));
}

const there = async (...digests: Digest[]): Promise<boolean[]> => {
  const names = await readdir(join(store.folder, 'blobs/sha256'));
  return digests.map((digest) => names.includes(digest.slice('sha256:'.length)));
};

describe('the collector', () => {
  it('removes what was not used for longest, until the limit is kept', async () => {
    const [oldest, older, newest] = [await blob('a', 30), await blob('b', 20), await blob('c', 10)];
    const done = await collect(store, { limit: 2 * size });
    expect(await there(oldest, older, newest)).toEqual([false, true, true]);
    expect(done).toEqual({ freed: size, removed: 1, left: 2 * size });
    expect(await readUsage(store)).toBe(2 * size);
  });

  it('takes a blob for used that was asked for since', async () => {
    const [oldest, older] = [await blob('a', 30), await blob('b', 20)];
    const later = await Store.open(store.folder);
    expect(await later.has(oldest)).toBe(true);
    await collect(store, { limit: size });
    expect(await there(oldest, older)).toEqual([true, false]);
  });

  it('leaves the time of change of a blob as it is when it is used', async () => {
    const digest = await blob('a', 30);
    const before = await stat(store.blobPath(digest));
    await (await Store.open(store.folder)).missing([{ mediaType: 'text/plain', digest, size }]);
    const after = await stat(store.blobPath(digest));
    expect(after.mtimeMs).toBe(before.mtimeMs);
    expect(after.atimeMs).toBeGreaterThan(before.atimeMs);
  });

  it('leaves what has another name, which would free nothing, and does not count it', async () => {
    const [linked, other] = [await blob('a', 30), await blob('b', 20)];
    await link(store.blobPath(linked), join(folder, 'in-the-catalog'));
    expect(bytesOf(await scanStore(store))).toBe(size);
    expect(await collect(store, { limit: 0 })).toEqual({ freed: size, removed: 1, left: 0 });
    expect(await there(linked, other)).toEqual([true, false]);
  });

  it('counts blocks, not the size that a file with holes says', async () => {
    const path = join(folder, 'disk');
    await writeFile(path, 'begin');
    await truncate(path, 16 << 20);
    await store.putFile(path);
    expect(bytesOf(await scanStore(store))).toBeLessThanOrEqual(1 << 17);
  });

  it('prefers what can be made again out of another blob, and forgets that it was made', async () => {
    const [source, made] = [await blob('a', 20), await blob('b', 10)];
    await remember(store, 'unpacked', 'of-a', { digest: made, size });
    await age(made, 10);
    await collect(store, { limit: size });
    expect(await there(source, made)).toEqual([true, false]);
    expect(await readdir(join(store.folder, 'memo/unpacked'))).toEqual([]);
  });

  it('takes lists of packages and what was put aside as corrupt, never tools', async () => {
    for (const name of ['apt/one', 'corrupt', 'tools/tree']) await mkdir(join(store.folder, name), { recursive: true });
    for (const name of ['apt/one/list', 'corrupt/blob', 'tools/tree/program']) await writeFile(join(store.folder, name), 'x'.repeat(size));
    const then = (Date.now() - 30 * hourMs) / 1000;
    for (const name of ['apt/one/list', 'apt/one', 'corrupt/blob', 'tools/tree/program', 'tools/tree'])
      await utimes(join(store.folder, name), then, then);
    await collect(store, { limit: 0 });
    const left = async (name: string): Promise<string[]> => readdir(join(store.folder, name));
    expect([await left('apt'), await left('corrupt'), await left('tools')]).toEqual([[], [], ['tree']]);
  });
});

describe('what a running build holds', () => {
  const limit = 180_000;

  it('stays, whatever the limit, until the build ends, killed or not', { timeout: limit }, async () => {
    const used = await blob('a', 30);
    const worker = startWorker('use', store.folder, used);
    await new Promise((resolve) => worker.stdout.once('data', resolve));
    const other = await blob('b', 20);
    expect(await collect(store, { limit: 0 })).toMatchObject({ removed: 1 });
    expect(await there(used, other)).toEqual([true, false]);
    const closed = new Promise((resolve) => worker.once('close', resolve));
    worker.kill('SIGKILL');
    await closed;
    await age(used, 1);
    await collect(store, { limit: 0 });
    expect(await there(used)).toEqual([false]);
    expect(await readdir(join(store.folder, 'holds'))).toEqual([]);
  });

  it('is never missing to builds that put and read while others collect', { timeout: limit }, async () => {
    const shared = store;
    const workers = [1, 2, 3].map((number) => startWorker('churn', shared.folder, String(number)));
    const said = workers.map(async (worker) => {
      let text = '';
      worker.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
      const status = await new Promise((resolve) => worker.once('close', resolve));
      return { status, text };
    });
    const running = new AbortController();
    void Promise.all(said).then(() => running.abort());
    while (!running.signal.aborted) await collect(shared, { limit: 0 });
    for (const { status, text } of await Promise.all(said)) expect({ status, text }).toEqual({ status: 0, text: 'all there\n' });
  });

  it('does not stop a collector that was killed from being followed by another', { timeout: limit }, async () => {
    await blob('a', 30);
    await killInTheMiddle(startWorker('collecting', store.folder));
    expect(await collect(store, { limit: 0 })).toMatchObject({ removed: 1, left: 0 });
  });
});

describe('keeping a store within its limit', () => {
  it('looks only when what was added comes over it', async () => {
    await blob('a', 30);
    expect(await keepWithin(store, 10 * size)).toBeUndefined();
    expect(await readUsage(store)).toBe(size);
    const other = await Store.open(store.folder);
    await other.putBytes('b'.repeat(size), 'text/plain');
    expect(await keepWithin(other, 10 * size)).toBeUndefined();
    expect(await readUsage(store)).toBe(2 * size);
    await blob('c', 20);
    expect(await keepWithin(store, 2 * size)).toMatchObject({ removed: 2 });
  });

  it('looks again where what is noted is of yesterday, or a person has removed the blobs', async () => {
    const digest = await blob('a', 30);
    expect(await keepWithin(store, 10 * size)).toBeUndefined();
    expect(await readUsage(store, Date.now() + 25 * hourMs)).toBeUndefined();
    await rm(store.blobPath(digest));
    expect(await keepWithin(store, size / 2)).toBeUndefined();
    expect(await readUsage(store)).toBe(0);
  });

  it('leaves what was used in the last minutes: the next stage of the same run may need it', async () => {
    await store.putBytes('a'.repeat(size), 'text/plain');
    expect(await keepWithin(store, 0)).toMatchObject({ removed: 0, left: size });
  });
});

describe('what is remembered', () => {
  it('is not recalled where it was cut short: it is put aside, to be made again', async () => {
    const digest = await blob('a', 1);
    await remember(store, 'unpacked', 'key', { digest, size });
    expect(await recall(store, 'unpacked', 'key', 'text/plain')).toEqual({ mediaType: 'text/plain', digest, size });
    await chmod(store.blobPath(digest), 0o644);
    await truncate(store.blobPath(digest), size / 2);
    const told: string[] = [];
    const telling = await Store.open(store.folder, { progress: { ...silent, warn: (text) => told.push(text) } });
    expect(await recall(telling, 'unpacked', 'key')).toBeUndefined();
    expect(told).toEqual([expect.stringContaining(`the blob ${digest} was corrupt`)]);
    expect(await there(digest)).toEqual([false]);
  });

  it('is checked once where its size was not noted', async () => {
    const digest = await blob('a', 1);
    await mkdir(join(store.folder, 'memo/unpacked'), { recursive: true });
    const path = join(store.folder, 'memo/unpacked/key');
    await symlink(digest.replace(':', '-'), path);
    expect(await recall(store, 'unpacked', 'key')).toMatchObject({ digest, size });
    expect(await readlink(path)).toBe(`${digest.replace(':', '-')}-${size}`);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });
});
