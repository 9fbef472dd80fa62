import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { type Failure, silent } from '@nx-debian-image/report';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { afterwards } from '../../host/testing/afterwards.ts';
import { prepareApt } from './apt.ts';
import { withArchive } from './archive.ts';
import { newestPackageTime } from './epoch.ts';
import { digestOf, fetchPackages } from './fetch.ts';
import { type Package, pinnedPackage } from './package.ts';
import { writeRepository } from './repository.ts';
import { resolvePackages } from './resolve.ts';
import { renderBuildSources } from './sources.ts';
import { breakOff, giveOthers, serve, type TestMirror } from './testing/mirror.ts';
import { makeSigners, type Signer } from './testing/signer.ts';
import { writeArchive } from './testing/signed-archive.ts';
import { unpackedPackages } from './unpacked.ts';
import { updateLists } from './update.ts';

const packages = [
  { name: 'base', version: '1.0', architecture: 'amd64', fields: 'Essential: yes\n', time: 1_000_000_000 },
  {
    name: 'editor',
    version: '2:9.0-1+b1',
    architecture: 'amd64',
    fields: 'Depends: library\nRecommends: documents\n',
    time: 1_100_000_000,
  },
  {
    name: 'library',
    version: '0~rc1',
    architecture: 'all',
    fields: 'Multi-Arch: foreign\nTag: role::shared-lib,\n implemented-in::c\n',
    time: 1_200_000_000,
    size: 200_000,
  },
  { name: 'documents', version: '1', architecture: 'all', time: 1_300_000_000 },
] as const;
const signal = new AbortController().signal;

let folder: string;
let signers: Record<'debian' | 'stranger', Signer>;
let mirror: TestMirror;
let paths: Map<string, string>;
let store: Store;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
  afterwards(() => rm(folder, { recursive: true, force: true }));
  signers = await makeSigners(await mkdtemp(join(folder, 'keys-')), ['debian', 'stranger']);
  paths = await writeArchive(join(folder, 'web'), { suite: 'good', packages, signer: signers.debian });
  mirror = await serve(join(folder, 'web'));
});

beforeEach(async () => {
  store = await Store.open(await mkdtemp(join(folder, 'store-')));
  mirror.asked.length = 0;
  mirror.mischief.clear();
});

const suites = (suite: string, uri = mirror.url) => [{ uri, suite, components: ['main'] }];

async function resolve(suite: string, wanted: readonly string[] = ['?essential', 'editor'], fetch = true): Promise<Package[]> {
  const archive = { store, suites: suites(suite), architecture: 'amd64', recommends: false, keyring: signers.debian.keyring, signal };
  return withArchive(archive, async ({ apt }) => {
    const resolved = await resolvePackages({ apt, wanted, signal });
    if (fetch) await fetchPackages({ packages: resolved, store, progress: silent, signal, proxy: undefined });
    return resolved;
  });
}

const failing = async (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error as Failure,
  );

describe('packages of an archive', () => {
  it('are chosen and fetched once, each under its sha256', async () => {
    const resolved = await resolve('good');
    expect(resolved.map(({ name, version, architecture, path }) => ({ name, version, architecture, path }))).toEqual(
      packages.slice(0, 3).map(({ name, version, architecture }) => ({ name, version, architecture, path: paths.get(name) })),
    );
    for (const entry of resolved) {
      expect(await readFile(store.blobPath(digestOf(entry)))).toEqual(await readFile(join(folder, 'web', entry.path)));
    }
    mirror.asked.length = 0;
    expect(await resolve('good')).toEqual(resolved);
    expect(mirror.asked).toEqual(['dists/good/InRelease']);
  });

  it('bring recommended ones where they are asked for', async () => {
    const archive = { store, suites: suites('good'), architecture: 'amd64', recommends: true, keyring: signers.debian.keyring, signal };
    const resolved = await withArchive(archive, ({ apt }) => resolvePackages({ apt, wanted: ['editor'], signal }));
    expect(resolved.map(({ name }) => name)).toEqual(['documents', 'editor', 'library']);
  });

  it('are only those that a system lacks which has some already', async () => {
    const installed = 'Package: library\nStatus: install ok installed\nArchitecture: all\nMulti-Arch: foreign\nVersion: 0~beta\n';
    const archive = { store, suites: suites('good'), architecture: 'amd64', recommends: false, keyring: signers.debian.keyring, signal };
    const names = (wanted: readonly string[]) =>
      withArchive(archive, async ({ apt }) => (await resolvePackages({ apt, wanted, installed, signal })).map(({ name }) => name));
    expect(await names(['editor'])).toEqual(['editor']);
    expect(await names(['library'])).toEqual(['library']);
    const newest = installed.replace('0~beta', '0~rc1');
    expect(await withArchive(archive, ({ apt }) => resolvePackages({ apt, wanted: ['library'], installed: newest, signal }))).toEqual([]);
  });

  it('are unpacked once, and the youngest gives the epoch', async () => {
    const resolved = await resolve('good');
    const unpacked = await unpackedPackages(resolved, store, signal);
    expect(await newestPackageTime(unpacked, store)).toBe(1_200_000_000);
    expect(await unpackedPackages(resolved, store, signal)).toEqual(unpacked);
    await rm(store.blobPath(unpacked[0]!.digest));
    expect(await unpackedPackages(resolved, store, signal)).toEqual(unpacked);
    expect(await store.missing(unpacked)).toEqual([]);
  });

  it('make a repository of their own, which apt reads', async () => {
    const resolved = await resolve('good');
    const unpacked = await unpackedPackages(resolved, store, signal);
    const repository = join(store.folder, 'repository');
    const pinned = resolved.map((entry) => pinnedPackage(entry, { main: mirror.url, security: `${mirror.url}-security` }));
    await writeRepository(repository, 'good', pinned, unpacked, store);
    const sources = `deb [trusted=yes] file://${repository} ./\n`;
    const apt = await prepareApt({ folder: join(store.folder, 'apt'), architecture: 'amd64', recommends: false, sources, inherited: '' });
    await updateLists(apt, signal);
    const again = await resolvePackages({ apt, wanted: ['?essential', 'editor'], signal });
    expect(again.map(({ sha256 }) => `sha256:${sha256}`)).toEqual(unpacked.map(({ digest }) => digest));
  });

  it('come whole to two runs at once on one store', async () => {
    const [one, two] = await Promise.all([resolve('good'), resolve('good')]);
    expect(two).toEqual(one);
    expect(mirror.asked.filter((path) => path.endsWith('.deb'))).toHaveLength(3);
  });

  it('that nobody has are named with near ones', async () => {
    expect(await failing(resolve('good', ['editro', 'libary', 'kubernetes']))).toMatchObject({
      reason: 'not-found',
      message:
        'there is no package "editro"; did you mean "editor"?\nthere is no package "libary"; did you mean "library"?\nthere is no package "kubernetes"',
    });
  });

  it('of which one breaks off leave those that came whole', async () => {
    mirror.mischief.set(paths.get('library')!, breakOff);
    const resolved = await resolve('good', ['?essential', 'editor'], false);
    const failure = await failing(resolve('good'));
    expect(failure).toMatchObject({
      reason: 'unreachable',
      message: '1 of 3 packages could not be fetched',
      said: expect.stringMatching(/^library 0~rc1: http/),
    });
    expect(await Promise.all(resolved.map((entry) => store.has(digestOf(entry))))).toEqual([true, true, false]);
    mirror.mischief.clear();
    mirror.asked.length = 0;
    await resolve('good');
    expect(mirror.asked.filter((path) => path.endsWith('.deb'))).toEqual([paths.get('library')]);
  });

  it('with other bytes are refused by name', async () => {
    mirror.mischief.set(paths.get('editor')!, giveOthers);
    expect(await failing(resolve('good'))).toMatchObject({
      reason: 'bad-digest',
      message: expect.stringMatching(/^editor 2:9\.0-1\+b1 is not/),
    });
  });
});

describe('lists of an archive', () => {
  it('signed by a stranger are refused', async () => {
    await writeArchive(join(folder, 'web'), { suite: 'strange', packages: [], signer: signers.stranger });
    const failure = await failing(resolve('strange'));
    expect(failure).toMatchObject({ reason: 'bad-signature', said: expect.stringContaining('NO_PUBKEY') });
  });

  it('changed after they were signed are refused', async () => {
    await writeArchive(join(folder, 'web'), { suite: 'changed', packages: [], signer: signers.debian });
    const file = join(folder, 'web/dists/changed/InRelease');
    await writeFile(file, (await readFile(file, 'utf8')).replace('Origin: Test', 'Origin: Evil'));
    expect(await failing(resolve('changed'))).toMatchObject({ reason: 'bad-signature', said: expect.stringContaining('BADSIG') });
  });

  it('that are not those of the signed Release are refused', async () => {
    mirror.mischief.set('dists/good/main/binary-amd64/Packages', giveOthers);
    expect(await failing(resolve('good'))).toMatchObject({ reason: 'bad-digest' });
  });

  it('out of date are refused, unless this machine says otherwise', async () => {
    await writeArchive(join(folder, 'web'), {
      suite: 'old',
      packages: [],
      signer: signers.debian,
      validUntil: new Date(Date.now() - 60_000),
    });
    const sources = renderBuildSources(suites('old'), signers.debian.keyring);
    const apt = (inherited: string) =>
      prepareApt({ folder: join(store.folder, 'apt'), architecture: 'amd64', recommends: false, sources, inherited });
    const failure = await failing(updateLists(await apt(''), signal));
    expect(failure).toMatchObject({ reason: 'bad-signature', message: expect.stringContaining('not of this time') });
    await updateLists(await apt('Acquire::Check-Valid-Until "false";\n'), signal);
  });

  it('of a suite that the mirror lacks are not found', async () => {
    expect(await failing(resolve('nosuch'))).toMatchObject({ reason: 'not-found', said: expect.stringContaining('nosuch') });
  });

  it('of a server that is down are unreachable', async () => {
    const down = await serve(folder);
    down.close();
    const sources = renderBuildSources(suites('good', down.url), signers.debian.keyring);
    const apt = await prepareApt({
      folder: join(store.folder, 'apt'),
      architecture: 'amd64',
      recommends: false,
      sources,
      inherited: 'Acquire::Retries "0";\n',
    });
    expect(await failing(updateLists(apt, signal))).toMatchObject({ reason: 'unreachable' });
  });
});
