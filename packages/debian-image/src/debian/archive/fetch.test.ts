import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { planDownload } from './download.ts';
import { fetchPackages } from './fetch.ts';
import type { Package } from './package.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-test-'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

function packageOf(name: string): Package {
  const sha256 = digestOf(name).slice('sha256:'.length);
  return { name, version: '1', architecture: 'all', sha256, size: name.length, path: name, uri: `http://mirror/${name}`, stanza: '' };
}

function proxyOf(wish: string | undefined): readonly string[] {
  return planDownload('/scratch', wish).args.filter((word, index, all) => [word, all[index - 1]].includes('--proxy'));
}

it('uses the proxy of this machine, none where it says so, and else what the environment says', () => {
  expect(proxyOf('http://proxy:3128')).toEqual(['--proxy', 'http://proxy:3128']);
  expect(proxyOf('')).toEqual(['--proxy', '']);
  expect(proxyOf(undefined)).toEqual([]);
});

it('tells a full disk from a mirror that is away, and keeps what came whole', async () => {
  const [whole, half] = [packageOf('whole'), packageOf('half')];
  const curl = `#!/bin/sh\nprintf whole >${whole.sha256}\necho 'done ${whole.sha256} 0'\necho 'done ${half.sha256} 23'\nexit 23\n`;
  await writeFile(join(folder, 'curl'), curl, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  const store = await Store.open(join(folder, 'store'));
  const fetching = fetchPackages({
    packages: [whole, half],
    store,
    progress: silent,
    signal: new AbortController().signal,
    proxy: undefined,
  });
  await expect(fetching).rejects.toMatchObject({ reason: 'no-space', message: expect.stringContaining('1 of 2 packages') });
  expect(await store.has(digestOf('whole'))).toBe(true);
  expect(await readdir(join(store.folder, 'scratch'))).toEqual([]);
});
