import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { type Progress, silent } from '@nx-debian-image/report';
import { beforeAll, expect, it } from 'vitest';
import { afterwards } from '../../host/testing/afterwards.ts';
import { serve, type TestMirror } from '../archive/testing/mirror.ts';
import { writeArchive } from '../archive/testing/signed-archive.ts';
import { makeSigners, type Signer } from '../archive/testing/signer.ts';
import { releaseOf } from '../releases.ts';
import { bringNetboot, type NetbootOptions } from './netboot.ts';
import { imagesFolder, netbootFolder } from './places.ts';

// A small archive with an installer in its folder, and one without that has the package.

const { signal } = new AbortController();
const release = releaseOf('trixie');
const images = imagesFolder('amd64');
const netboot = `${images}/${netbootFolder('amd64')}`;
let folder: string;
let signer: Signer;
let mirror: TestMirror;
let store: Store;

const sums = (kernel: string): string =>
  [
    ['linux', kernel],
    ['initrd.gz', 'ramdisk'],
  ]
    .map(([name, text]) => `${createHash('sha256').update(text!).digest('hex')}  ./${netbootFolder('amd64')}/${name}\n`)
    .join('');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netboot-'));
  afterwards(() => rm(folder, { recursive: true, force: true }));
  signer = (await makeSigners(await mkdtemp(join(folder, 'keys-')), ['debian'])).debian;
  const web = join(folder, 'web');
  const packages = [{ name: 'debian-installer-13-netboot-amd64', version: '1', architecture: 'all' as const, time: 1e9 }];
  await writeArchive(join(web, 'whole'), {
    suite: 'trixie',
    packages: [],
    signer,
    more: new Map([
      [`${images}/SHA256SUMS`, sums('kernel')],
      [`${netboot}/linux`, 'kernel'],
      [`${netboot}/initrd.gz`, 'ramdisk'],
    ]),
  });
  await writeArchive(join(web, 'package'), { suite: 'trixie', packages, signer });
  mirror = await serve(web);
});

async function bring(archive: string, more: Partial<NetbootOptions> = {}): Promise<string[]> {
  store = await Store.open(await mkdtemp(join(folder, 'store-')));
  const main = `${mirror.url}/${archive}`;
  const { kernel, ramdisk } = await bringNetboot({
    release,
    architecture: 'amd64',
    mirror: main,
    folder,
    suites: [{ uri: main, suite: 'trixie', components: ['main'] }],
    keyring: signer.keyring,
    store,
    progress: silent,
    signal,
    ...more,
  });
  return [(await store.read(kernel.digest)).toString(), (await store.read(ramdisk.digest)).toString()];
}

it('takes the installer of the mirror, by the digests that its signature leads to', async () => {
  expect(await bring('whole')).toEqual(['kernel', 'ramdisk']);
});

it('refuses a kernel that is another one', async () => {
  const path = `whole/dists/trixie/${netboot}/linux`;
  mirror.mischief.set(path, (_, response) => void response.writeHead(200).end('evil'));
  await expect(bring('whole')).rejects.toMatchObject({ reason: 'bad-digest' });
  mirror.mischief.delete(path);
});

it('refuses a list of digests that is another one than the signed', async () => {
  const path = `whole/dists/trixie/${images}/SHA256SUMS`;
  mirror.mischief.set(path, (_, response) => void response.writeHead(200).end(sums('evil')));
  await expect(bring('whole')).rejects.toMatchObject({ reason: 'bad-digest' });
  mirror.mischief.delete(path);
});

it('takes the package where the mirror has no installer', async () => {
  const notes: string[] = [];
  const progress: Progress = { ...silent, note: (text) => void notes.push(text) };
  // the package is there, and has no such files: that tells that it was opened
  await expect(bring('package', { progress })).rejects.toMatchObject({
    reason: 'not-found',
    message: 'there is no linux of debian-installer',
  });
  expect(notes).toContain('the installer folder of the mirror does not have it; taking the package');
});

it('takes a folder or an address that is named', async () => {
  const own = join(folder, 'own');
  await mkdir(own, { recursive: true });
  await writeFile(join(own, 'linux'), 'my kernel');
  await writeFile(join(own, 'initrd.gz'), 'my ramdisk');
  expect(await bring('whole', { source: 'own' })).toEqual(['my kernel', 'my ramdisk']);
  expect(await readFile(join(own, 'linux'), 'utf8')).toBe('my kernel');
  expect(await bring('whole', { source: `${mirror.url}/whole/dists/trixie/${netboot}/` })).toEqual(['kernel', 'ramdisk']);
  await expect(bring('whole', { source: 'nowhere' })).rejects.toMatchObject({ reason: 'not-found', where: join(folder, 'nowhere') });
  await expect(bring('whole', { source: `${mirror.url}/nowhere` })).rejects.toMatchObject({
    reason: 'not-found',
    where: `${mirror.url}/nowhere`,
  });
});
