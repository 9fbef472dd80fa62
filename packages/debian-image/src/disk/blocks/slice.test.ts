import { createHash } from 'node:crypto';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withFolder } from '../testing/tar.ts';
import { digestFile, slice } from './slice.ts';
import { dataRuns, writeSparse } from './sparse.ts';

const blocks = (pattern: string): Buffer => Buffer.concat([...pattern].map((letter) => Buffer.alloc(4096, letter === '.' ? 0 : letter)));
const hash = (algorithm: string, bytes: Buffer): string => createHash(algorithm).update(bytes).digest('hex');
const runs = (bytes: Buffer): number[][] => dataRuns(bytes).map(([from, until]) => [from / 4096, until / 4096]);

it('finds the runs between blocks of zeros', () => {
  expect(runs(blocks('..ab.c'))).toEqual([
    [2, 4],
    [5, 6],
  ]);
  expect(runs(blocks('...'))).toEqual([]);
  expect(runs(Buffer.concat([blocks('.'), Buffer.alloc(2048, 'x')]))).toEqual([[1, 1.5]]);
  expect(runs(Buffer.concat([Buffer.alloc(4095), Buffer.from('x')]))).toEqual([[0, 1]]);
  expect(runs(Buffer.alloc(0))).toEqual([]);
});

it('hashes a file in all ways, more of it than there are buffers for', () =>
  withFolder(async (folder) => {
    const bytes = Buffer.concat([Buffer.alloc(15 << 20, 'abc'), Buffer.from('end')]);
    const path = join(folder, 'file');
    await writeFile(path, bytes);
    let heard = 0;
    expect(await digestFile(path, { onBytes: (count) => (heard += count) })).toEqual({
      size: bytes.length,
      digests: { sha256: hash('sha256', bytes), sha512: hash('sha512', bytes), md5: hash('md5', bytes) },
    });
    expect(heard).toBe(bytes.length);
    expect((await digestFile(path, { start: 3, size: 0, algorithms: ['md5'] })).digests).toEqual({ md5: hash('md5', Buffer.alloc(0)) });
  }));

it('copies a range with holes for its zeros, one at its end too', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'disk');
    await writeFile(
      path,
      Buffer.concat([Buffer.alloc(1000, 'x'), blocks('ab'), Buffer.alloc(4 << 20), blocks('c..'), Buffer.alloc(1000, 'x')]),
    );
    const expected = Buffer.concat([blocks('ab'), Buffer.alloc(4 << 20), blocks('c..')]);
    const target = join(folder, 'slice');
    const { size, digests } = await slice(path, target, { start: 1000, size: expected.length, algorithms: ['sha256'] });
    expect((await readFile(target)).equals(expected)).toBe(true);
    expect([size, digests.sha256]).toEqual([expected.length, hash('sha256', expected)]);
    expect((await stat(target)).blocks * 512).toBeLessThan(64 << 10);
  }));

it('says so where a file ends too early, and stops when told to', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'file');
    await writeFile(path, 'short');
    await expect(digestFile(path, { size: 6 })).rejects.toThrow('ends 1 bytes too early');
    await expect(digestFile(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ reason: 'cancelled' });
    await expect(slice(path, path)).rejects.toThrow('EEXIST');
  }));

it('says that no space is left', async () => {
  const full = await open('/dev/full', 'r+');
  await expect(writeSparse(full, Buffer.from('x'), 0)).rejects.toMatchObject({ reason: 'no-space' });
  await full.close();
});
