import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Descriptor, Store, writeArtifact } from '@nx-debian-image/artifact-store';
import { type Failure, silent } from '@nx-debian-image/report';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { type LockedPackage, lockedPackage } from '../../debian/archive/package.ts';
import { pinned, sampleLock } from '../../debian/lock/testing/sample.ts';
import { writeLock } from '../../debian/lock/write.ts';
import { directory, file, writeTar } from '../../disk/testing/tar.ts';
import { command, run } from '../../host/index.ts';
import { afterwards } from '../../host/testing/afterwards.ts';
import { compareBuilds } from './diff.ts';

let root: string;
let store: Store;
let said: string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'diff-'));
  afterwards(() => rm(root, { recursive: true, force: true }));
  store = await Store.open(join(root, 'store'));
  for (const name of ['web', 'plain']) {
    await mkdir(join(root, 'images', name), { recursive: true });
    await writeFile(join(root, 'images', name, 'image.json'), JSON.stringify({ release: 'bookworm' }));
  }
  const files = [directory('./etc/'), file('./etc/motd', 'welcome')];
  await build('dist/plain', { packages: [pinned('init'), pinned('vim', '2:8.2-1')], files, root: 2 << 20 });
  await build('dist/web', {
    packages: [pinned('init'), pinned('vim', '2:9.0-1'), pinned('nginx')],
    files: [...files, file('./etc/nginx.conf', 'x'.repeat(2048))],
    root: 3 << 20,
  });
  const git = (...args: string[]): Promise<unknown> =>
    run(command('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], { cwd: root }), { doing: 'git' });
  await git('init', '--quiet', '--initial-branch=main');
  await git('commit', '--quiet', '--allow-empty', '--message', 'Begin');
  await git('tag', 'before');
  await writeLock(join(root, 'images/web'), sampleLock);
  await git('add', 'images');
  await git('commit', '--quiet', '--message', 'Lock');
  await writeLock(join(root, 'images/web'), {
    ...sampleLock,
    packages: [sampleLock.packages[0]!, { ...sampleLock.packages[1]!, version: '2:9.0.1378-3', sha256: 'c'.repeat(64) }],
  });
});
beforeEach(() => {
  said = [];
});

interface Content {
  readonly packages: readonly LockedPackage[];
  readonly files: Parameters<typeof writeTar>[1];
  readonly root: number;
}

/** Leaves what a build leaves, with a tree of these files and a root of so many bytes. */
async function build(folder: string, content: Content): Promise<void> {
  const artifact = (stage: string, config: unknown, blobs: Record<string, Descriptor> = {}): Promise<unknown> =>
    writeArtifact(join(root, folder, stage), store, {
      stage,
      config,
      blobs: Object.entries(blobs).map(([name, descriptor]) => ({ name, descriptor })),
    });
  const layer = await store.putFile(await writeTar(join(root, 'layer.tar'), content.files));
  await artifact('install', { packages: content.packages.map(lockedPackage) });
  await artifact('configure', { layers: [layer] });
  const part = (bytes: number): Promise<Descriptor> => store.putBytes(Buffer.alloc(bytes, folder), 'part');
  await artifact('extract', {}, { vmlinuz: await part(1000), initrd: await part(2000), 'root.ext4': await part(content.root) });
}

async function diff(options: Record<string, unknown>, image = 'web'): Promise<string> {
  await compareBuilds({
    workspaceRoot: root,
    projectRoot: `images/${image}`,
    neighbours: { image: new Map(), profile: new Map() },
    options,
    progress: { ...silent, step: (text) => void said.push(text) },
    signal: new AbortController().signal,
    environment: { DEBIAN_IMAGE_STORE: store.folder },
  });
  return said.join('\n');
}

const failing = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error as Failure,
  );

it('compares with another image of the workspace: packages, files and sizes', async () => {
  expect(await diff({ with: 'plain' })).toBe(`web compared with plain
packages: 1 added, 1 upgraded
  nginx  added     1.0-1
  vim    upgraded  2:8.2-1 -> 2:9.0-1
files: 1 added; +2 KiB
  /etc/nginx.conf  added  2 KiB
sizes:
  kernel   1000 B          +0 B
  ramdisk  2 KiB           +0 B
  root     2 MiB -> 3 MiB  +1 MiB`);
});

it('compares with a build in another folder, the other way round, as JSON', async () => {
  const difference = JSON.parse(await diff({ with: join(root, 'dist/web'), json: true, file: 'diff.json' }, 'plain'));
  expect(difference).toEqual({
    old: join(root, 'dist/web'),
    new: 'plain',
    packages: [
      { package: 'nginx', change: 'removed', old: '1.0-1', new: null, security: null },
      { package: 'vim', change: 'downgraded', old: '2:9.0-1', new: '2:8.2-1', security: null },
    ],
    files: [{ path: '/etc/nginx.conf', change: 'removed', old: 2048, new: null }],
    sizes: { old: { kernel: 1000, ramdisk: 2000, root: 3 << 20 }, new: { kernel: 1000, ramdisk: 2000, root: 2 << 20 } },
  });
  expect(JSON.parse(await readFile(join(root, 'diff.json'), 'utf8'))).toEqual(difference);
});

it('finds nothing between a build and itself', async () => {
  expect(await diff({ with: 'dist/web' })).toMatch(/^packages: the same\nfiles: the same\nsizes:/m);
});

it('compares the lock with that of a revision', async () => {
  expect(await diff({ with: 'main' })).toBe(`image.lock.json of web compared with the lock of main
packages: 1 upgraded
  vim  upgraded  2:9.0.1378-2 -> 2:9.0.1378-3  security
files: not compared, for one side has no tree in the store
sizes: not compared, for one side has not been extracted`);
});

it('says what it cannot compare with', async () => {
  expect(await failing(diff({ with: 'before' }))).toMatchObject({ reason: 'not-found', message: 'web has no lock in the revision before' });
  expect(await failing(diff({ with: 'nothing' }))).toMatchObject({
    reason: 'not-found',
    message: 'there is no build and no git revision "nothing" to compare with',
    hint: expect.stringContaining('nx run IMAGE:extract'),
  });
  await rm(join(root, 'dist/plain'), { recursive: true });
  expect(await failing(diff({ with: 'web' }, 'plain'))).toMatchObject({ reason: 'not-found', message: 'plain has not been built' });
});
