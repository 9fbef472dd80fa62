import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remember, Store, writeArtifact } from '@nx-debian-image/artifact-store';
import { Failure, silent } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collectStore, storeUsage } from './commands.ts';
import { limitOf } from './limit.ts';
import { tidyStore } from './tidy.ts';

let root: string;
let store: Store;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'store-test-'));
  store = await Store.open(join(root, 'store'));
});
afterEach(() => rm(root, { recursive: true }));

const kib = (letter: string, count: number) => store.putBytes(letter.repeat(count << 10), 'text/plain');
const request = () => ({ workspaceRoot: root, plugin: { store: 'store' }, environment: {} });

async function leave(image: string, stage: string, config: unknown, ...blobs: Awaited<ReturnType<typeof kib>>[]): Promise<void> {
  const named = blobs.map((descriptor, index) => ({ name: `blob-${index}`, descriptor }));
  await writeArtifact(join(root, 'dist', image, stage), store, { stage, config, blobs: named });
}

it('says which image has what, what they share and what is of nobody here', async () => {
  const [base, own, other, lost] = [await kib('a', 40), await kib('b', 20), await kib('c', 60), await kib('d', 100)];
  const [packed, unpacked] = [await kib('p', 12), await kib('u', 24)];
  await remember(store, 'unpacked', packed.digest.slice('sha256:'.length), unpacked);
  await leave('web', 'configure', { layers: [base] }, own);
  await leave('db', 'install', { packages: [{ sha256: packed.digest.slice('sha256:'.length) }] }, base, other);
  const usage = JSON.parse(await storeUsage(request(), true));
  const [db, web] = usage.owners;
  expect([db.name, web.name]).toEqual(['db', 'web']);
  expect([db.shared, web.shared, usage.shared]).toEqual([40 << 10, 40 << 10, 40 << 10]);
  // Beside its blob an image has a manifest and a config, each a block.
  expect(db.own - (60 << 10)).toBeLessThanOrEqual(2 * 4096);
  expect(web.own - (20 << 10)).toBeLessThanOrEqual(2 * 4096);
  expect(usage).toMatchObject({ packages: 12 << 10, memo: { unpacked: 24 << 10 }, others: lost.size, linked: 0 });
  expect(usage.total).toBe(db.own + web.own + usage.shared + usage.packages + (24 << 10) + usage.others);
  const table = await storeUsage(request(), false);
  expect(table).toMatch(/^web +2\d KiB +40 KiB$/m);
  expect(table).toMatch(/^of other checkouts, or of nothing any more +100 KiB$/m);
});

it('collects down to the limit that is asked for, and says what went', async () => {
  await kib('a', 40);
  const said = await collectStore(request(), '0', silent);
  // It was put just now, within a tick of the file system's clock.
  expect(said).toBe(
    "the store's limit is 0 B: 0 B freed (0 blobs), 40 KiB left; what is left is in use or was minutes ago, or has another name",
  );
  expect(await collectStore(request(), '1GiB', silent)).toContain('40 KiB left');
  await expect(collectStore(request(), '1GB', silent)).rejects.toThrow('"1GB" is no limit of a store');
});

it('fails where there is no store', async () => {
  const error = await storeUsage({ ...request(), plugin: { store: 'nowhere' } }, false).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({ reason: 'not-found' });
});

it('takes the limit of the environment, then that of nx.json, then a share of the file system', async () => {
  const limit = (environment: NodeJS.ProcessEnv, option?: string): Promise<number> => limitOf(store.folder, { environment, option });
  expect(await limit({ DEBIAN_IMAGE_STORE_LIMIT: '2GiB' }, '3GiB')).toBe(2 * 2 ** 30);
  expect(await limit({ DEBIAN_IMAGE_STORE_LIMIT: '' }, '3GiB')).toBe(3 * 2 ** 30);
  expect(await limit({}, 'none')).toBe(Number.POSITIVE_INFINITY);
  expect(await limit({})).toBeGreaterThanOrEqual(10 * 2 ** 30);
  await expect(limit({}, 'much')).rejects.toMatchObject({ reason: 'invalid', where: 'nx.json: storeLimit of the plugin' });
});

it('warns of a limit that is none, and fails nothing that has been made', async () => {
  const told: string[] = [];
  const progress = { ...silent, warn: (text: string) => told.push(text), note: (text: string) => told.push(text) };
  await tidyStore(store, { environment: {}, option: 'much' }, progress);
  expect(told).toEqual(['the store was not tidied: "much" is no limit of a store (nx.json: storeLimit of the plugin)']);
  await tidyStore(store, { environment: {}, option: '1GiB' }, progress);
  expect(told).toHaveLength(1);
});
