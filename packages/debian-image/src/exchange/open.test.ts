import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openExchange } from './open.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-'));
});
afterEach(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();

it('exchanges nothing for what is no task of Nx, or where no repository is named', async () => {
  const store = await Store.open(folder);
  const open = (environment: NodeJS.ProcessEnv, registry?: string) =>
    openExchange({ registry, environment, progress: silent, signal }, store);
  expect(await open({}, 'registry.example/images')).toBeUndefined();
  expect(await open({ NX_TASK_HASH: '1' })).toBeUndefined();
  expect(await open({ NX_TASK_HASH: '1' }, 'registry.example/images')).toBeDefined();
});
