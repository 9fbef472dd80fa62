import { chmod, mkdir, readdir, readFile, realpath, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from './support/command.ts';
import { type ImageWorkspace, imageWorkspace } from './support/image-workspace.ts';
import { repository } from './support/repository.ts';
import { readIn, tracesIn } from './support/traces.ts';

// images/bookworm-amd64 from the archive to a machine that runs it.

const image = 'bookworm-amd64';
const stages = ['install', 'configure', 'convert', 'shrink', 'extract'];

let workspace: ImageWorkspace;
beforeAll(async () => {
  workspace = await imageWorkspace();
});
afterAll(() => workspace.dispose());

const manifests = (): Promise<string[]> =>
  Promise.all(stages.map((stage) => readFile(workspace.path('dist', image, stage, 'manifest.json'), 'utf8')));
const configOf = async (stage: string) => JSON.parse(await readFile(workspace.path('dist', image, stage, 'config.json'), 'utf8'));

it('is built and published with checksums that hold', async () => {
  const said = await workspace.nx(['run', `${image}:upload`]);
  expect(said).toContain('acpiphp is built into this kernel; nothing to load');
  const checked = await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: workspace.path('catalog', image, 'latest') });
  expect(checked.trim().split('\n')).toHaveLength(3);
});

it('is at most 1.06 times as large as its files', async () => {
  const { content } = await configOf('shrink');
  const { files } = await configOf('extract');
  expect(files.root.size / content.rounded).toBeLessThanOrEqual(1.06);
});

it('does nothing the second time', async () => {
  const before = await readdir(workspace.path('catalog', image));
  const said = await workspace.nx(['run', `${image}:upload`]);
  expect(said).toContain('for 5 out of 6 tasks');
  expect(await readdir(workspace.path('catalog', image))).toEqual(before);
});

it('does not even start the third time, as long as the catalog has what it left there', async () => {
  expect(await workspace.nx(['run', `${image}:upload`])).toContain('for 6 out of 6 tasks');
  await rm(workspace.path('catalog'), { recursive: true });
  await workspace.nx(['run', `${image}:upload`]);
  await run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: workspace.path('catalog', image, 'latest') });
});

// The machine of the second build: its name and a user's folder stand nowhere else.
const machine = { name: 'a-telling-machine', temporary: 'a-telling-folder' };

it('gives the same bytes when everything is made again from a lock: on disk, without any network, on a machine of another name', async () => {
  const before = await manifests();
  await workspace.nx(['run', `${image}:lock`]);
  await rm(workspace.path('dist'), { recursive: true });
  await rm(join(workspace.environment['DEBIAN_IMAGE_STORE']!, 'memo/settings'), { recursive: true });
  const temporary = workspace.path('..', machine.temporary);
  await mkdir(temporary);
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user', '--map-auto'];
  const renamed = [...user, '--net', '--uts', 'sh', '-c', 'hostname "$0" && umask 077 && exec "$@"', machine.name];
  await run('unshare', [...renamed, workspace.path('node_modules/.bin/nx'), 'run', `${image}:extract`, '--skip-nx-cache'], {
    cwd: workspace.folder,
    env: { ...workspace.environment, DEBIAN_IMAGE_SCRATCH: 'disk', TMPDIR: temporary, TZ: 'Pacific/Auckland' },
  });
  expect(await manifests()).toEqual(before);
  await rm(workspace.path('images', image, 'image.lock.json'));
});

it('has no trace of the machine that built it', async () => {
  const { layers, epoch } = await configOf('configure');
  const store = workspace.environment['DEBIAN_IMAGE_STORE']!;
  const files = layers.map(({ digest }: { digest: string }) => join(store, 'blobs/sha256', digest.replace('sha256:', '')));
  const machineId = (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim();
  const resolvers = [...(await readFile('/etc/resolv.conf', 'utf8')).matchAll(/^nameserver ((?!127\.)\S+)/gm)].map(
    ([, address]) => address!,
  );
  const words = [
    machine.name,
    machine.temporary,
    workspace.folder,
    repository,
    store,
    machineId,
    ...resolvers,
    '/mnt/tree',
    '/mnt/repository',
  ];
  expect(await tracesIn(files, { words: words.filter((word) => word !== ''), epoch })).toEqual([]);
  const read = (path: string): string | undefined => readIn(files, path);
  expect(['etc/hostname', 'etc/machine-id', 'etc/resolv.conf'].map(read)).toEqual(['debian\n', '', '']);
  expect(['etc/passwd-', 'root/.bash_history', 'var/log/dpkg.log', 'var/cache/apt/pkgcache.bin'].map(read)).toEqual(
    Array(4).fill(undefined),
  );
});

it('makes bytes again that the store has lost, or has only half', async () => {
  const blob = (stage: string, name: string): Promise<string> => realpath(workspace.path('dist', image, stage, name));
  await rm(await blob('shrink', 'disk.raw'));
  const half = await blob('extract', 'root.ext4');
  await chmod(half, 0o644);
  await truncate(half, 1 << 20);
  const said = await workspace.nx(['run', `${image}:upload`, '--catalog=another']);
  expect(said).toContain('making them again');
  await run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: workspace.path('another', image, 'latest') });
});

it('holds what it promises when it is started as Nova starts it', async () => {
  await workspace.nx(['run', `${image}:verify`, '--patience=3']);
  const report = await readFile(workspace.path('dist', image, 'verify/report.txt'), 'utf8');
  console.log(report);
  expect(report).toMatch(/^outcome +all \d+ checks hold$/m);
  const { checks, digests } = await configOf('verify');
  const names = checks.map(({ name }: { name: string }) => name);
  const wanted = [
    'ssh with the injected key',
    'root grown',
    'a volume plugged in',
    'balloon',
    'root left in order',
    'machine-id of its own',
  ];
  expect(names).toEqual(expect.arrayContaining(wanted));
  expect(digests.root).toBe(`sha256:${(await configOf('extract')).files.root.sha256}`);
  expect(await readFile(workspace.path('dist', image, 'verify/junit.xml'), 'utf8')).toContain('failures="0"');
  expect(await readFile(workspace.path('dist', image, 'verify/console.log'), 'utf8')).toContain('Linux version');
});
