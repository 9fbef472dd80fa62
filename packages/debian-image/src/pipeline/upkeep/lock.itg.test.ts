import { chmod, cp, mkdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '@nx-debian-image/artifact-store';
import type { Failure } from '@nx-debian-image/report';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../debian/archive/fetch.ts';
import { giveOthers } from '../../debian/archive/testing/mirror.ts';
import { writeRepository } from '../../debian/archive/repository.ts';
import { readLock } from '../../debian/lock/read.ts';
import { isRoot, run } from '../../host/index.ts';
import { readImage } from '../../image/index.ts';
import { choosePackages, type ChooseOptions, type ChosenPackages } from '../../stages/install/choose.ts';
import { takeLockedPackages } from '../../stages/install/locked.ts';
import { lockImage } from './lock.ts';
import { listOutdated } from './outdated.ts';
import { type LockedWorkspace, makeLockedWorkspace } from './testing/locked-workspace.ts';

// As tsc compiles it: swc, which loads TypeScript, trusts no folder in a user namespace, where / belongs to nobody.
const worker = fileURLToPath(new URL('../../../dist/pipeline/upkeep/testing/take-locked.js', import.meta.url));
const old = 'pool/main/vim_9.0-2_amd64.deb';

let workspace: LockedWorkspace;
let folder: string;
beforeAll(async () => {
  workspace = await makeLockedWorkspace();
  folder = join(workspace.root, 'images/web');
});
beforeEach(() => {
  workspace.said.length = 0;
  workspace.mirror.asked.length = 0;
  workspace.mirror.mischief.clear();
});

const lockText = (): Promise<string> => readFile(join(folder, 'image.lock.json'), 'utf8');

async function chooseOptions(store = workspace.store): Promise<ChooseOptions> {
  return { ...workspace.request(), image: await readImage(folder), store, hostArchitecture: 'amd64' };
}

async function take(store?: Store): Promise<ChosenPackages> {
  return takeLockedPackages((await readLock(folder, 'web'))!, await chooseOptions(store));
}

const failing = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error as Failure,
  );

describe('locking', () => {
  it('writes what the archive has now, and no name of a mirror', async () => {
    await lockImage(workspace.request());
    expect(workspace.said.at(-1)).toBe('web: locked 17 packages in image.lock.json');
    const lock = (await readLock(folder, 'web'))!;
    expect(lock.packages.find(({ name }) => name === 'vim')).toMatchObject({ version: '2:9.0-2', archive: 'security', path: old });
    expect(lock.packages.find(({ name }) => name === 'base-files')).toMatchObject({
      archive: 'main',
      priority: 'required',
      section: 'admin',
    });
    expect(lock).toMatchObject({ epoch: 1_500_000_000, request: { release: 'bookworm', recommends: false, pockets: ['security'] } });
    expect(lock.suites.map(({ suite }) => suite)).toEqual(['bookworm', 'bookworm-security']);
    expect(Object.keys(lock.tools)).toEqual(['amd64', 'arm64']);
    expect(await lockText()).not.toContain('127.0.0.1');
  });

  it('leaves a lock as it is that has the same packages, though the suites are of another time', async () => {
    const before = await lockText();
    await utimes(join(folder, 'image.lock.json'), 1000, 1000);
    await workspace.publish('2:9.0-2');
    await Promise.all([lockImage(workspace.request()), lockImage(workspace.request())]);
    expect(await lockText()).toBe(before);
    expect((await stat(join(folder, 'image.lock.json'))).mtimeMs).toBe(1_000_000);
    expect(workspace.said.filter((line) => line === 'web: nothing changed; 17 packages stay locked')).toHaveLength(2);
  });
});

describe('a locked installation', () => {
  it('is of the same bytes as one that chooses the same packages', async () => {
    const chosen = await choosePackages(await chooseOptions());
    const { suites: _later, ...taken } = await take();
    expect(chosen).toMatchObject(taken);
    const text = async (name: string, { packages, unpacked }: ChosenPackages): Promise<string> => {
      await writeRepository(join(workspace.root, name), 'bookworm', packages, unpacked, workspace.store);
      return readFile(join(workspace.root, name, 'Packages'), 'utf8');
    };
    expect(await text('locked', await take())).toBe(await text('chosen', chosen));
  });

  const withoutNetwork = async (store: Store): Promise<string> => {
    const user = isRoot() ? [] : ['--map-root-user'];
    const environment = workspace.request().environment as Record<string, string>;
    const call = [process.execPath, worker, folder, store.folder];
    return (
      await run({ program: 'unshare', args: [...user, '--net', ...call], env: environment }, { doing: 'taking packages without a network' })
    ).stdout;
  };

  it('needs no network where the store has everything', async () => {
    const taken = JSON.parse(await withoutNetwork(workspace.store)) as ChosenPackages;
    expect(taken).toEqual(JSON.parse(JSON.stringify(await take())));
    expect(workspace.mirror.asked).toEqual([]);
  });

  it('says that the network is gone where the store has not', async () => {
    const said = await withoutNetwork(await workspace.newStore());
    expect(said).toMatch(/^17 locked packages could not be fetched\n/);
    expect(said).toMatch(/\| apt 1\.0, base-files 1\.0, .*, vim 2:9\.0-2, .*: the mirror cannot be reached, 127\S+ cannot be reached/);
    expect(said).toContain('hint: Check the network');
  });

  it('fetches what the store lacks by its path, and asks for no list', async () => {
    await take(await workspace.newStore());
    expect(workspace.mirror.asked).toContain(`debian-security/${old}`);
    expect(workspace.mirror.asked.filter((path) => !path.endsWith('.deb'))).toEqual([]);
  });

  it('does not use a damaged blob: it fetches it again, or unpacks it again', async () => {
    const taken = await take();
    const position = taken.packages.findIndex(({ name }) => name === 'vim');
    const [deb, unpacked] = [digestOf(taken.packages[position]!), taken.unpacked[position]!.digest].map((digest) =>
      workspace.store.blobPath(digest),
    );
    for (const blob of [deb!, unpacked!]) await chmod(blob, 0o644);
    await truncate(deb!, 100);
    await writeFile(unpacked!, Buffer.alloc((await stat(unpacked!)).size, 'x'));
    expect(await take()).toEqual(taken);
    expect(workspace.mirror.asked).toEqual([`debian-security/${old}`]);
    expect(workspace.said.filter((line) => line.startsWith('warning: the blob'))).toHaveLength(2);
    expect(await workspace.store.missing(taken.unpacked)).toEqual([]);
  });
});

describe('a package that the mirror no longer has', () => {
  let bytes: Buffer;
  beforeAll(async () => {
    bytes = await readFile(workspace.served(`debian-security/${old}`));
    await rm(workspace.served(`debian-security/${old}`));
    await workspace.publish('2:9.0-3');
  });

  /** The store without the locked package. */
  async function lackingStore(): Promise<Store> {
    const store = await workspace.newStore();
    for (const part of ['blobs', 'memo']) {
      await cp(join(workspace.store.folder, part), join(store.folder, part), { recursive: true, verbatimSymlinks: true });
    }
    const { packages } = (await readLock(folder, 'web'))!;
    await rm(store.blobPath(digestOf(packages.find(({ name }) => name === 'vim')!)));
    return store;
  }

  async function serveFile(path: string, content: Buffer | string): Promise<void> {
    await mkdir(dirname(workspace.served(path)), { recursive: true });
    await writeFile(workspace.served(path), content);
  }

  const sha1 = (content: Buffer): string => createHash('sha1').update(content).digest('hex');

  it('is named where nobody has it', async () => {
    expect(await failing(take(await lackingStore()))).toMatchObject({
      reason: 'not-found',
      message: 'a locked package can no longer be had anywhere',
      said: expect.stringMatching(/^vim 2:9\.0-2: the mirror does not have it, 127\S+ does not have it, 127\S+ does not have it$/),
      hint: '`nx run web:lock` locks what the archive has now.',
    });
  });

  it('comes from the snapshot service, among several builds of its version the right one', async () => {
    const other = Buffer.from('another build');
    const result = [
      { architecture: 'arm64', hash: '0'.repeat(40) },
      ...[other, bytes].map((content) => ({ architecture: 'amd64', hash: sha1(content) })),
    ];
    await serveFile('snapshot/mr/binary/vim/2:9.0-2/binfiles', JSON.stringify({ binary: 'vim', binary_version: '2:9.0-2', result }));
    for (const content of [other, bytes]) await serveFile(`snapshot/file/${sha1(content)}`, content);
    const store = await lackingStore();
    await take(store);
    expect(workspace.mirror.asked.at(-1)).toBe(`snapshot/file/${sha1(bytes)}`);
  });

  it('comes from the archive of old releases before that', async () => {
    await serveFile(`old-security/${old}`, bytes);
    await take(await lackingStore());
    expect(workspace.mirror.asked).toEqual([`debian-security/${old}`, `old-security/${old}`]);
  });

  it('is never taken for another one under its name', async () => {
    workspace.mirror.mischief.set(`old-security/${old}`, giveOthers);
    await rm(workspace.served('snapshot'), { recursive: true });
    expect(await failing(take(await lackingStore()))).toMatchObject({
      reason: 'bad-digest',
      said: expect.stringContaining('has other bytes'),
    });
    expect(workspace.said).toContainEqual(
      expect.stringMatching(/^warning: 127\S+ has other bytes as vim 2:9\.0-2; nothing of them was used$/),
    );
  });
});

describe('a newer package in the security suite', () => {
  const upgrade = { package: 'vim', change: 'upgraded', old: '2:9.0-2', new: '2:9.0-3', security: true };

  it('is told before it is locked, for people and for programs', async () => {
    await listOutdated(workspace.request());
    expect(workspace.said.at(-1)).toBe(
      'web: the archive has other packages than image.lock.json: 1 package (1 from the security suite)\nvim  upgraded  2:9.0-2 -> 2:9.0-3  security',
    );
    workspace.said.length = 0;
    await listOutdated(workspace.request({ json: true, file: 'outdated.json' }));
    expect(workspace.said.map((text) => JSON.parse(text))).toEqual([{ image: 'web', than: 'image.lock.json', packages: [upgrade] }]);
    expect(await readFile(join(workspace.root, 'outdated.json'), 'utf8')).toBe(`${workspace.said[0]}\n`);
  });

  it('is locked by a refresh, which says what changed', async () => {
    const before = await lockText();
    await lockImage(workspace.request());
    expect(workspace.said.at(-1)).toBe(
      'web: locked anew; changed: 1 package (1 from the security suite)\nvim  upgraded  2:9.0-2 -> 2:9.0-3  security',
    );
    const changed = (await lockText()).split('\n').filter((line) => !before.split('\n').includes(line));
    expect(changed.filter((line) => line.includes('"name"'))).toEqual([expect.stringContaining('"name":"vim","version":"2:9.0-3"')]);
    await listOutdated(workspace.request());
    expect(workspace.said.at(-1)).toBe('web: image.lock.json has what the archive has; 17 packages');
  });
});

describe('a lock and its image.json', () => {
  it('have to fit; locking mends it', async () => {
    await workspace.writeImage({ packages: [] });
    expect(await failing(take())).toMatchObject({
      reason: 'invalid',
      message: 'image.lock.json does not fit image.json',
      said: 'packages: the lock asks for "vim", image.json does not',
      hint: '`nx run web:lock` locks what image.json asks for now.',
    });
    await lockImage(workspace.request());
    expect(workspace.said.at(-1)).toBe('web: locked anew; changed: 1 package\nvim  removed  2:9.0-3');
    expect((await take()).packages).toHaveLength(16);
  });

  it('edited by hand is written anew by locking', async () => {
    await writeFile(join(folder, 'image.lock.json'), (await lockText()).replace('"epoch": 1', '"epoch": 2'));
    await lockImage(workspace.request());
    expect(workspace.said).toContain('warning: image.lock.json was changed after it was written; it is written anew');
    expect((await take()).packages).toHaveLength(16);
  });

  it('with tools for no machine of this kind are refused', async () => {
    const lock = (await readLock(folder, 'web'))!;
    const options = { ...(await chooseOptions()), hostArchitecture: 'riscv64' };
    expect(await failing(takeLockedPackages(lock, options))).toMatchObject({
      reason: 'invalid',
      message: 'the lock has no tools for a machine that is riscv64',
    });
  });

  it('without lock and without build there is nothing that could be outdated', async () => {
    await rm(join(folder, 'image.lock.json'));
    expect(await failing(listOutdated(workspace.request()))).toMatchObject({
      reason: 'not-found',
      hint: expect.stringContaining('nx run web:lock'),
    });
  });
});
