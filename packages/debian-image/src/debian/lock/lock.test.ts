import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLock, readLock } from './read.ts';
import { type Lock, lockFileName } from './schema.ts';
import { pinned, sampleLock } from './testing/sample.ts';
import { renderLock } from './text.ts';
import { writeLock } from './write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const parsed = (): Lock => JSON.parse(renderLock(sampleLock)) as Lock;

function refusal(text: string): Failure {
  try {
    parseLock(text, 'images/web/image.lock.json', 'web');
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  return expect.unreachable('it was taken');
}

describe('a lock', () => {
  it('is read as it was written, and is not there before', async () => {
    expect(await readLock(folder, 'web')).toBeUndefined();
    await writeLock(folder, sampleLock);
    expect(await readdir(folder)).toEqual([lockFileName]);
    expect(await readLock(folder, 'web')).toEqual({ ...sampleLock, digest: expect.stringMatching(/^sha256:/) });
  });

  it('has a line for each package, so that an upgrade changes that line and the digest', () => {
    const upgraded = { ...sampleLock, packages: [sampleLock.packages[0]!, { ...sampleLock.packages[1]!, version: '2:9.0.1378-3' }] };
    const [before, after] = [sampleLock, upgraded].map((lock) => renderLock(lock).split('\n'));
    const changed = after!.filter((line) => !before!.includes(line)).map((line) => line.trim().slice(0, 13));
    expect(changed).toEqual(['{"name":"vim"', '"digest": "sh']);
    expect(after).toHaveLength(before!.length);
  });

  it('may be laid out otherwise by a formatter', () => {
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(parsed()).toReversed()), undefined, 4);
    expect(parseLock(reordered, 'file', 'web')).toEqual(parsed());
  });
});

describe('a lock edited by hand is refused', () => {
  it('where it is no JSON', () => {
    expect(refusal('{ "version": 1,\n<<<<<<< HEAD\n')).toMatchObject({
      reason: 'invalid',
      message: expect.stringMatching(/^image\.lock\.json is not JSON: /),
      where: 'images/web/image.lock.json',
      hint: expect.stringContaining('nx run web:lock'),
    });
  });

  it.each([
    ['packages[1].version', { packages: [pinned('init'), { ...pinned('vim'), version: 9 }] }],
    ['packages[0].sha256', { packages: [{ ...pinned('init'), sha256: 'ABC' }] }],
    ['packages[0].path', { packages: [{ ...pinned('init'), path: '../../etc/passwd' }] }],
    ['packages[0].path', { packages: [{ ...pinned('init'), path: 'pool/"\nurl = "file:///etc/passwd' }] }],
    ['packages[0].name', { packages: [{ ...pinned('init'), name: '../x' }] }],
    ['packages[0].section', { packages: [{ ...pinned('init'), section: 'admin\nEssential: yes' }] }],
    ['packages[0]', { packages: [{ ...pinned('init'), note: 'keep' }] }],
    ['the whole', { comment: 'do not touch' }],
    ['version', { version: 2 }],
    ['digest', { digest: 'sha1:0' }],
    ['epoch', { epoch: '0' }],
  ])('where %s is not of its form', (path, edit) => {
    const failure = refusal(JSON.stringify({ ...parsed(), ...edit }));
    expect(failure).toMatchObject({ reason: 'invalid', message: 'image.lock.json is not as it was written' });
    expect(failure.said).toMatch(new RegExp(`^${path.replaceAll(/[[\].]/g, String.raw`\$&`)}: `));
  });

  it('where it is of its form but not what was written', () => {
    const edited = { ...parsed(), epoch: 1_800_000_000 };
    expect(refusal(JSON.stringify(edited))).toMatchObject({
      reason: 'invalid',
      message: 'image.lock.json was changed after it was written',
      said: expect.stringContaining('digest: it says sha256:'),
    });
  });

  it('as a file too', async () => {
    await writeFile(join(folder, lockFileName), '[]');
    await expect(readLock(folder, 'web')).rejects.toMatchObject({ reason: 'invalid', where: join(folder, lockFileName) });
  });
});
