import { mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createProgress } from '@nx-debian-image/report';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { proveTriplet } from '../packages/debian-image/src/machine/index.ts';
import { run } from './support/command.ts';
import { type ImageWorkspace, imageWorkspace } from './support/image-workspace.ts';
import { repository } from './support/repository.ts';

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

it('gives the same bytes when everything is made again, on disk instead of in memory and without any network', async () => {
  const before = await manifests();
  await rm(workspace.path('dist'), { recursive: true });
  await rm(join(workspace.environment['DEBIAN_IMAGE_STORE']!, 'memo/settings'), { recursive: true });
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user', '--map-auto'];
  const nx = ['--net', workspace.path('node_modules/.bin/nx'), 'run', `${image}:extract`, '--skip-nx-cache'];
  await run('unshare', [...user, ...nx], { cwd: workspace.folder, env: { ...workspace.environment, DEBIAN_IMAGE_SCRATCH: 'disk' } });
  expect(await manifests()).toEqual(before);
});

it('makes bytes again that the store has lost', async () => {
  const lost = [
    ['shrink', 'disk.raw'],
    ['extract', 'root.ext4'],
  ] as const;
  for (const [stage, name] of lost) await rm(await realpath(workspace.path('dist', image, stage, name)));
  const said = await workspace.nx(['run', `${image}:upload`, '--catalog=another']);
  expect(said).toContain('making them again');
  await run('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: workspace.path('another', image, 'latest') });
});

it('starts as Nova starts it, takes its key and grows to its flavour', async () => {
  const scratch = join(repository, 'tmp/e2e/machine');
  await mkdir(scratch, { recursive: true });
  const file = (name: string): string => workspace.path('dist', image, 'extract', name);
  const checks = await proveTriplet({
    kernel: file('vmlinuz'),
    ramdisk: file('initrd'),
    root: file('root.ext4'),
    architecture: 'amd64',
    release: 'bookworm',
    flavour: { memory: 1 << 30, processors: 2, disk: 3 * 2 ** 30 },
    growth: 'guest',
    expect: { locales: ['fr_FR.UTF-8', 'en_US.UTF-8'], packages: ['openssh-server', 'vim', 'curl', 'parted'] },
    scratch,
    consoleLog: join(scratch, `${image}.log`),
    progress: createProgress(process.stdout),
  });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['login prompt', 'ssh with the injected key', 'root grown', 'locales']),
  );
});
