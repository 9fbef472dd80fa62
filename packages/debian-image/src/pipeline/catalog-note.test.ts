import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { catalogNote, noteFile, noteThatHolds, publishedAt, sumLine } from './catalog-note.ts';

it('holds as long as the checksums are those that it names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'note-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const sums = join(folder, 'SHA256SUMS');
  await writeFile(sums, 'abc');
  // the digest that FIPS 180-2 gives for these three letters
  expect(await sumLine(sums)).toBe(`ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  ${sums}\n`);
  expect(await noteThatHolds(folder)).toBeUndefined();
  await mkdir(join(folder, 'upload'));
  const note = catalogNote(await sumLine(sums), new Date('2026-11-22T10:00:00Z'));
  await writeFile(join(folder, noteFile), note);
  expect(publishedAt(note)).toBe('2026-11-22T10:00:00.000Z');
  expect(await noteThatHolds(folder)).toBe(note);
  await writeFile(sums, 'other');
  expect(await noteThatHolds(folder)).toBeUndefined();
  await rm(sums);
  expect(await noteThatHolds(folder)).toBeUndefined();
});
