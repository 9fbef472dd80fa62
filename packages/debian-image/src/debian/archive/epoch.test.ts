import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { beforeAll, expect, it } from 'vitest';
import { afterwards } from '../../host/testing/afterwards.ts';
import { newestPackageTime } from './epoch.ts';

let store: Store;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'epoch-test-'));
  afterwards(() => rm(folder, { recursive: true }));
  store = await Store.open(folder);
});

/** A member of an ar archive. */
const member = (name: string, content: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`${name.padEnd(16)}${'0'.padEnd(32)}${String(content.length).padEnd(10)}\`\n`),
    content,
    Buffer.alloc(content.length % 2, '\n'),
  ]);

/** The header of the first entry of a tar, of a time. */
const entry = (seconds: number): Buffer => {
  const block = Buffer.alloc(512);
  block.write(seconds.toString(8).padStart(11, '0'), 136);
  return block;
};

const put = (...members: Buffer[]) => store.putBytes(Buffer.concat([Buffer.from('!<arch>\n'), ...members]), 'deb');
const odd = member('control.tar', Buffer.from('odd'));

it('is the time of the youngest package, whatever their order', async () => {
  const packages = await Promise.all(
    [1_500_000_000, 1_700_000_000, 1_600_000_000].map((time) => put(odd, member('data.tar', entry(time)))),
  );
  expect(await newestPackageTime(packages, store)).toBe(1_700_000_000);
});

it('is not looked for beyond the end of a package that has no data', async () => {
  await expect(newestPackageTime([await put(odd)], store)).rejects.toThrow('is no package');
});
