import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { readArtifact, writeArtifact } from './artifact.ts';
import { holdLock } from './lock.ts';
import { Store } from './store.ts';
import { filesIn, temporaryFolder } from './testing/folders.ts';
import { finished, killInTheMiddle, startWorker } from './testing/processes.ts';

const limit = 60_000;

it('lets two processes put the same blob at once', { timeout: limit }, async () => {
  const folder = await temporaryFolder();
  const size = 8 << 20;
  const digests = await Promise.all([1, 2].map(() => finished(startWorker('put', folder, String(size)))));
  expect(digests[0]).toBe(digests[1]);
  const store = await Store.open(folder);
  expect((await filesIn(folder)).filter((name) => !name.startsWith('blobs/'))).toEqual(['index.json', 'oci-layout']);
  expect(await store.verify(digests[0] as `sha256:${string}`)).toBe(true);
});

it('loses no addition of processes that count under one lock', { timeout: limit }, async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'count'), '0');
  await Promise.all([1, 2, 3].map(() => finished(startWorker('count', folder, '15'))));
  expect(await readFile(join(folder, 'count'), 'utf8')).toBe('45');
  expect(await readdir(folder)).toEqual(['count']);
});

it('goes on after kill -9: no half blob, no scratch, no lock is left', { timeout: limit }, async () => {
  const folder = await temporaryFolder();
  await killInTheMiddle(startWorker('hold', folder, 'image/squeeze'));
  expect((await filesIn(folder)).filter((name) => name.startsWith('scratch/'))).toHaveLength(2);
  expect(await readdir(join(folder, 'locks'))).toEqual(['image%2Fsqueeze.lock']);
  const store = await Store.open(folder);
  const lock = await store.holdLock('image/squeeze', { waitSeconds: 1 });
  await lock.release();
  expect(await filesIn(folder)).toEqual(['index.json', 'oci-layout']);
});

it('says which process holds a lock after the time limit', { timeout: limit }, async () => {
  const folder = await temporaryFolder();
  const lock = await holdLock(folder, 'lenny');
  const notes: string[] = [];
  const progress = { step() {}, warn() {}, note: (text: string) => void notes.push(text), meter: () => ({ add() {}, done() {} }) };
  const second = holdLock(folder, 'lenny', { waitSeconds: 0.3, progress });
  await expect(second).rejects.toThrow(`lenny is in use by process ${process.pid}`);
  await expect(second).rejects.toMatchObject({ reason: 'busy' });
  expect(notes).toEqual([`waiting for process ${process.pid}, which uses lenny`]);
  await lock.release();
  await (await holdLock(folder, 'lenny', { waitSeconds: 0 })).release();
});

it('stops waiting when it is cancelled', async () => {
  const folder = await temporaryFolder();
  await holdLock(folder, 'etch');
  const error: unknown = await holdLock(folder, 'etch', { signal: AbortSignal.timeout(20) }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({ reason: 'cancelled' });
});

it('leaves a whole artifact or none after kill -9', { timeout: limit }, async () => {
  const folder = await temporaryFolder();
  const artifact = join(folder, 'dist', 'squeeze', 'install');
  await killInTheMiddle(startWorker('artifacts', join(folder, 'store'), artifact));
  const found = await readArtifact(artifact);
  const { round } = (found?.config ?? { round: 0 }) as { round: number };
  expect(round).toBeGreaterThanOrEqual(0);
  await writeArtifact(artifact, await Store.open(join(folder, 'store')), { stage: 'install', config: 'new', blobs: [] });
  expect((await readArtifact(artifact))?.config).toBe('new');
  expect(await readdir(join(folder, 'dist', 'squeeze'))).toEqual(['install']);
});
