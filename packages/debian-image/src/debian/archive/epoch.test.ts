import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { beforeAll, expect, it } from 'vitest';
import { afterwards } from '../../host/testing/afterwards.ts';
import { newestPackageTime } from './epoch.ts';
import { member, putPackage, tarEntry } from './testing/unpacked.ts';

let store: Store;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'epoch-test-'));
  afterwards(() => rm(folder, { recursive: true }));
  store = await Store.open(folder);
});

const odd = member('control.tar', Buffer.from('odd'));

it('is the time of the youngest package, whatever their order', async () => {
  const packages = await Promise.all(
    [1_500_000_000, 1_700_000_000, 1_600_000_000].map((time) => putPackage(store, odd, member('data.tar', tarEntry('./', time)))),
  );
  expect(await newestPackageTime(packages, store)).toBe(1_700_000_000);
});

it('is not looked for beyond the end of a package that has no data', async () => {
  await expect(newestPackageTime([await putPackage(store, odd)], store)).rejects.toThrow('is no package');
});
