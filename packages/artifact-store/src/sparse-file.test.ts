import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copySparse } from './sparse-file.ts';
import { temporaryFolder } from './testing/folders.ts';

it('copies a file with its holes', async () => {
  const folder = await temporaryFolder();
  const source = join(folder, 'source');
  await writeFile(source, Buffer.alloc(100_000, 1));
  await truncate(source, 16 << 20);
  await copySparse(source, join(folder, 'target'));
  const { size, blocks } = await stat(join(folder, 'target'));
  expect(size).toBe(16 << 20);
  expect(blocks * 512).toBeLessThanOrEqual(1 << 18);
  expect((await readFile(join(folder, 'target'))).equals(await readFile(source))).toBe(true);
});

it('never replaces a file', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'source'), 'new');
  await writeFile(join(folder, 'target'), 'old');
  await expect(copySparse(join(folder, 'source'), join(folder, 'target'))).rejects.toThrow('EEXIST');
  expect(await readFile(join(folder, 'target'), 'utf8')).toBe('old');
});
