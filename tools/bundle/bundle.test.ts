import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundleExecutors } from './bundle.mjs';
import { freshBundle } from './fresh.mjs';

const packages = join(import.meta.dirname, '../../packages');

it('has every executor that Nx is told of, and the licences of what is in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  try {
    await bundleExecutors(packages, folder);
    const { executors } = JSON.parse(await readFile(join(packages, 'nx-debian-image/executors.json'), 'utf8')) as { executors: object };
    const bundle = (await import(join(folder, 'executors.js'))) as object;
    const loader = (await import(join(packages, 'nx-debian-image/executors.mjs'))) as object;
    expect(Object.keys(bundle).toSorted()).toEqual(Object.keys(executors).toSorted());
    expect(Object.keys(loader).toSorted()).toEqual(Object.keys(executors).toSorted());
    expect(Object.keys((await import(join(folder, 'hasher.js'))) as object)).toEqual(['hasher']);
    expect(await readFile(join(folder, 'LICENCES.txt'), 'utf8')).toMatch(/^execa [^]*^zod /m);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);

it('is made once of the same sources', async () => {
  const folder = await freshBundle();
  const { mtimeMs } = await stat(folder);
  expect(await freshBundle()).toBe(folder);
  expect((await stat(folder)).mtimeMs).toBe(mtimeMs);
}, 60_000);
