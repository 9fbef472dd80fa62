import { lstat, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, type Progress, silent } from '@nx-debian-image/report';
import { beforeEach, describe, expect, it } from 'vitest';
import { publish, type PublishOptions } from './publish.ts';
import { rollback } from './rollback.ts';
import { filesIn, listed, temporaryFolder } from './testing/folders.ts';
import { item, product, triplet } from './testing/samples.ts';

const name = 'debian:squeeze:amd64:squeeze-amd64';
let folder: string;
let catalog: string;
let asked: string[];
let said: string[];
let progress: Progress;
const publishing = async (content: string, version: string, more: Partial<PublishOptions> = {}): ReturnType<typeof publish> =>
  publish({ catalog, keep: 3, product: product(), version, items: await triplet(folder, content, asked), progress, ...more });
// Inode and time of change of every file: what a write or a replacement would alter. The time of a linked file also alters by a link elsewhere.
const changes = async (): Promise<string[]> => {
  const files = (await filesIn(catalog)).filter((file) => !file.includes('squeeze-amd64-'));
  const stats = await Promise.all(files.map((file) => lstat(join(catalog, file))));
  return stats.map(({ ino, ctimeMs }) => `${ino} ${ctimeMs}`);
};

beforeEach(async () => {
  folder = await temporaryFolder();
  catalog = join(folder, 'catalog');
  asked = [];
  said = [];
  const hear = (text: string): void => void said.push(text);
  progress = { ...silent, note: hear, warn: hear };
});

describe('publishing', () => {
  it('makes a folder with human names, a link to the latest, and an index', async () => {
    const publication = await publishing('one', '20261122');
    expect(publication).toEqual({ action: 'publish', version: '20261122', folder: join(catalog, 'squeeze-amd64/20261122'), removed: [] });
    expect(await filesIn(catalog)).toEqual([
      'squeeze-amd64/20261122/SHA256SUMS',
      'squeeze-amd64/20261122/squeeze-amd64-20261122.initrd',
      'squeeze-amd64/20261122/squeeze-amd64-20261122.root.ext4',
      'squeeze-amd64/20261122/squeeze-amd64-20261122.vmlinuz',
      'squeeze-amd64/20261122/version.json',
      'squeeze-amd64/latest',
      'streams/v1/images.json',
      'streams/v1/index.json',
    ]);
    expect(await readlink(join(catalog, 'squeeze-amd64/latest'))).toBe('20261122');
    expect(await listed(catalog)).toEqual({ [name]: ['20261122'] });
    expect(asked).toEqual(['vmlinuz', 'initrd', 'root.ext4']);
  });

  it('links files and copies none where it can', async () => {
    const published = await publishing('one', '20261122');
    const link = await stat(join(published.folder, 'squeeze-amd64-20261122.initrd'));
    expect(link.ino).toBe((await stat(join(folder, 'initrd-one'))).ino);
  });

  it('asks for no bytes and changes nothing where they are published already, and says so', async () => {
    await publishing('one', '20261122');
    const before = await changes();
    asked.length = 0;
    expect((await publishing('one', '20261123')).action).toBe('keep');
    expect(asked).toEqual([]);
    expect(await changes()).toEqual(before);
    expect(said.at(-1)).toBe('squeeze-amd64 20261122 is published already, with the same bytes; nothing to do');
  });

  it('changes only the description where only that differs', async () => {
    await publishing('one', '20261122');
    asked.length = 0;
    await publishing('one', '20261123', { product: { ...product(), description: 'Other words' } });
    expect(asked).toEqual([]);
    expect(await readFile(join(catalog, 'streams/v1/images.json'), 'utf8')).toContain('Other words');
    expect(await listed(catalog)).toEqual({ [name]: ['20261122'] });
  });

  it('keeps the newest versions and removes the others', async () => {
    for (const version of ['20261120', '20261121', '20261122', '20261122.1']) await publishing(version, version, { keep: 2 });
    expect(await listed(catalog)).toEqual({ [name]: ['20261122', '20261122.1'] });
    expect((await filesIn(catalog)).filter((file) => file.includes('2026112') && !file.includes('20261122'))).toEqual([]);
    expect(await readlink(join(catalog, 'squeeze-amd64/latest'))).toBe('20261122.1');
    expect(said.at(-1)).toBe('removed 20261121 of squeeze-amd64');
  });

  it('says on a dry run what it would do, and touches nothing', async () => {
    await publishing('one', '20261121', { keep: 1 });
    const before = await filesIn(catalog);
    asked.length = 0;
    const planned = await publishing('two', '20261122', { keep: 1, dryRun: true });
    expect(planned).toMatchObject({ action: 'publish', version: '20261122', removed: ['20261121'] });
    expect(await filesIn(catalog)).toEqual(before);
    expect(asked).toEqual([]);
  });

  it('makes no catalog on a dry run', async () => {
    await publishing('one', '20261122', { dryRun: true });
    await expect(stat(catalog)).rejects.toThrow('ENOENT');
  });

  it('refuses a version that is not above the others', async () => {
    await publishing('one', '20261122');
    await expect(publishing('two', '20261122')).rejects.toMatchObject({ reason: 'invalid' });
    await expect(publishing('two', '20261101')).rejects.toThrow('20261101 cannot be published: 20261122 is there already');
  });

  it('refuses names that lead elsewhere', async () => {
    for (const image of ['../etc', 'streams', '.hidden', '']) {
      await expect(publishing('one', '20261122', { product: product(image) })).rejects.toBeInstanceOf(Failure);
    }
  });

  it('publishes nothing where an item cannot be had or has another size', async () => {
    const gone = { ...item('vmlinuz', 'x'), blobPath: () => Promise.reject(new Error('the registry is away')) };
    await expect(publishing('', '20261122', { items: [gone] })).rejects.toThrow('the registry is away');
    await writeFile(join(folder, 'short'), 'shor');
    const short = { ...item('vmlinuz', 'short'), blobPath: () => Promise.resolve(join(folder, 'short')) };
    await expect(publishing('', '20261122', { items: [short] })).rejects.toMatchObject({ reason: 'bad-digest' });
    expect(await filesIn(catalog)).toEqual([]);
  });

  it('makes the index again from the folders, leaving out what no longer says what it is', async () => {
    await publishing('one', '20261121');
    await publishing('two', '20261122');
    await writeFile(join(catalog, 'squeeze-amd64/20261121/version.json'), '{"format":');
    await rm(join(catalog, 'streams'), { recursive: true });
    await rm(join(catalog, 'squeeze-amd64/latest'));
    expect((await publishing('two', '20261123')).action).toBe('keep');
    expect(await listed(catalog)).toEqual({ [name]: ['20261122'] });
    expect(said.find((line) => line.includes('version.json cannot be used'))).toContain('20261121');
  });
});

describe('rolling back', () => {
  beforeEach(async () => {
    for (const version of ['20261120', '20261121', '20261122']) await publishing(version, version);
  });

  it('makes the version before the latest, and hides the newer one', async () => {
    expect(await rollback({ catalog, image: 'squeeze-amd64', progress })).toEqual({ version: '20261121', withdrawn: ['20261122'] });
    expect(await readlink(join(catalog, 'squeeze-amd64/latest'))).toBe('20261121');
    expect(await listed(catalog)).toEqual({ [name]: ['20261120', '20261121'] });
  });

  it('keeps hidden bytes hidden until someone goes to them again', async () => {
    await rollback({ catalog, image: 'squeeze-amd64', progress });
    expect((await publishing('20261122', '20261123')).action).toBe('withhold');
    await publishing('fixed', '20261123');
    expect(await listed(catalog)).toEqual({ [name]: ['20261120', '20261121', '20261123'] });
    expect(await rollback({ catalog, image: 'squeeze-amd64', to: '20261122', progress })).toEqual({
      version: '20261122',
      withdrawn: ['20261123'],
    });
    expect(await listed(catalog)).toEqual({ [name]: ['20261120', '20261121', '20261122'] });
  });

  it('says on a dry run what it would do', async () => {
    const before = await readFile(join(catalog, 'streams/v1/images.json'), 'utf8');
    expect(await rollback({ catalog, image: 'squeeze-amd64', progress, dryRun: true })).toMatchObject({ version: '20261121' });
    expect(await readFile(join(catalog, 'streams/v1/images.json'), 'utf8')).toBe(before);
  });

  it('refuses where there is nothing to go to', async () => {
    await expect(rollback({ catalog, image: 'squeeze-amd64', to: '20261112', progress })).rejects.toMatchObject({
      reason: 'not-found',
      hint: 'did you mean "20261121" or "20261122" or "20261120"?',
    });
    await expect(rollback({ catalog, image: 'lenny-amd64', progress })).rejects.toThrow('lenny-amd64 has no version to go back to');
  });
});
