import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from './support/command.ts';
import { type ImageWorkspace, imageWorkspace } from './support/image-workspace.ts';

// An image that starts from images/bookworm-amd64, with a profile, a package and a script of its own.

const base = 'bookworm-amd64';

let workspace: ImageWorkspace;
beforeAll(async () => {
  workspace = await imageWorkspace();
  await write('images/profiles/motd/profile.json', { hostname: 'variant', scripts: ['motd.sh'] });
  await write('images/profiles/motd/motd.sh', '#!/bin/sh\necho "$IMAGE_NAME" > /etc/motd\n');
  await write('images/variant/image.json', { from: base, profiles: ['motd'], packages: ['tree'] });
  await workspace.nx(['run', 'variant:configure']);
});
afterAll(() => workspace.dispose());

async function write(path: string, content: object | string): Promise<void> {
  await mkdir(dirname(workspace.path(path)), { recursive: true });
  await writeFile(workspace.path(path), typeof content === 'string' ? content : JSON.stringify(content));
}

interface Config {
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
  readonly packages: readonly { readonly name: string }[];
}

const configOf = async (image: string, stage: string): Promise<Config> =>
  JSON.parse(await readFile(workspace.path('dist', image, stage, 'config.json'), 'utf8'));
const manifests = (): Promise<string[]> =>
  Promise.all(['install', 'configure'].map((stage) => readFile(workspace.path('dist/variant', stage, 'manifest.json'), 'utf8')));

it('lies upon the layers of the image that it starts from, and adds only its own', async () => {
  const below = await configOf(base, 'configure');
  const { layers } = await configOf('variant', 'configure');
  expect(layers.slice(0, below.layers.length).map(({ digest }) => digest)).toEqual(below.layers.map(({ digest }) => digest));
  const [packages, ...configured] = layers.slice(below.layers.length);
  expect(packages!.size).toBeLessThan(4 << 20);
  expect(configured).toHaveLength(2);
  const names = ({ packages: all }: Config): string[] => all.map(({ name }) => name);
  const before = names(await configOf(base, 'install'));
  expect(names(await configOf('variant', 'install')).filter((name) => !before.includes(name))).toEqual(['tree']);
});

it('has what both say in its tree', async () => {
  const command = 'cat /etc/hostname /etc/motd; dpkg --audit; dpkg-query --show --showformat="\\${Status}\\n" tree curl; locale -a';
  const said = await workspace.nx(['run', 'variant:shell', `--command=${command}`]);
  expect(said).toMatch(/^variant\nvariant\ninstall ok installed\ninstall ok installed$/m);
  expect(said).toContain('fr_FR.utf8');
});

it('gives the same bytes again, also where those below it are lost', async () => {
  const before = await manifests();
  await rm(await realpath(workspace.path('dist', base, 'configure/settings.tar')));
  await rm(workspace.environment['DEBIAN_IMAGE_STORE'] + '/memo/settings', { recursive: true });
  await rm(workspace.path('dist/variant'), { recursive: true });
  const said = await workspace.nx(['run', 'variant:configure', '--skip-nx-cache', '--exclude-task-dependencies']);
  expect(said).toContain('configure left bytes that are no longer in the store; making them again');
  expect(await manifests()).toEqual(before);
});

it('is locked to what it adds, and made from that without any network', async () => {
  const before = await manifests();
  await workspace.nx(['run', 'variant:lock']);
  const { request, packages } = JSON.parse(await readFile(workspace.path('images/variant/image.lock.json'), 'utf8'));
  expect(request.from).toBe(base);
  expect(packages.map(({ name }: { name: string }) => name)).toEqual(['tree']);
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user', '--map-auto'];
  const install = ['run', 'variant:configure', '--skip-nx-cache', '--exclude-task-dependencies'];
  await rm(workspace.path('dist/variant'), { recursive: true });
  await run('unshare', [...user, '--net', workspace.path('node_modules/.bin/nx'), ...install], {
    cwd: workspace.folder,
    env: workspace.environment,
  });
  expect(await manifests()).toEqual(before);
  await rm(workspace.path('images/variant/image.lock.json'));
});

it('is found by a change of its profile alone', async () => {
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: workspace.folder });
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'images');
  await write('images/profiles/motd/motd.sh', '#!/bin/sh\necho changed > /etc/motd\n');
  const affected = await workspace.nx(['show', 'projects', '--affected', '--base=HEAD', '--with-target=upload']);
  expect(affected.trim()).toBe('variant');
});

it('says what is wrong with where it starts', async () => {
  await write('images/variant/image.json', { from: base, release: 'trixie' });
  const { status, output, errors } = await workspace.attempt(['run', 'variant:install', '--exclude-task-dependencies']);
  expect(status).toBe(1);
  expect(output + errors).toContain(`release: must be that of ${base}, "bookworm", whose tree this image starts from; leave it out`);
});
