import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from './support/command.ts';
import { newWorkspace, packAll } from './support/installation.ts';
import { attemptNx, nx, nxEnvironment } from './support/nx.ts';

// The plugin as it is published, in a workspace that knows nothing of this repository.

const stages = ['install', 'configure', 'convert', 'shrink', 'extract', 'verify', 'upload'];

let folder: string;
let workspace: string;
let tarballs: string[];
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugin-'));
  workspace = join(folder, 'workspace');
  env = { ...nxEnvironment(join(folder, 'nx')), DEBIAN_IMAGE_STORE: join(folder, 'store') };
  tarballs = await packAll(folder);
  await newWorkspace(workspace, tarballs, { nx: '23.2.1', devkit: '23.2.1' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const targetsOf = async (where: string, project: string): Promise<Record<string, { inputs: unknown[]; configurations: object }>> =>
  JSON.parse(await nx(where, ['show', 'project', project, '--json'], env)).targets;

it('packs what runs and what is read, and nothing else', async () => {
  expect(tarballs.map((tarball) => basename(tarball).replace(/-\d.*/, ''))).toEqual([
    'nx-debian-image',
    'nx-debian-image-artifact-store',
    'nx-debian-image-debian-image',
    'nx-debian-image-http',
    'nx-debian-image-openstack',
    'nx-debian-image-registry',
    'nx-debian-image-report',
  ]);
  for (const tarball of tarballs) {
    const names = (await run('tar', ['--list', '--file', tarball], { cwd: folder })).trim().split('\n');
    expect(names.filter((name) => /\.test\.|\/testing\/|tsbuildinfo|\/src\//.test(name))).toEqual([]);
    expect(names.some((name) => name.endsWith('.js'))).toBe(true);
  }
});

it('is set up by its init generator', async () => {
  await nx(workspace, ['generate', 'nx-debian-image:init'], env);
  expect(JSON.parse(await readFile(join(workspace, 'nx.json'), 'utf8')).plugins).toEqual(['nx-debian-image/plugin']);
  expect(await readFile(join(workspace, '.gitignore'), 'utf8')).toBe('node_modules/\n/dist/\n/catalog/\n.nx/\n');
});

it('begins an image whose stages are targets', async () => {
  await nx(workspace, ['generate', 'nx-debian-image:image', 'web', '--release=bookworm', '--description=Web servers'], env);
  const { $schema } = JSON.parse(await readFile(join(workspace, 'images/web/image.json'), 'utf8'));
  const schema = JSON.parse(await readFile(join(workspace, 'images/web', $schema), 'utf8'));
  expect(schema.properties.release.enum).toContain('bookworm');
  const targets = await targetsOf(workspace, 'web');
  expect(Object.keys(targets)).toEqual(expect.arrayContaining(stages));
  expect(targets['install']!.inputs).toContainEqual({ externalDependencies: ['nx-debian-image'] });
  expect(targets['upload']!.configurations).toEqual({
    catalog: { to: 'catalog' },
    glance: { to: 'glance' },
    registry: { to: 'registry' },
  });
});

it('begins variants with the profiles that come along, and draws them', async () => {
  await nx(workspace, ['generate', 'nx-debian-image:image', '--release=bookworm', '--variant=openstack,slim'], env);
  const { tags, implicitDependencies } = JSON.parse(await nx(workspace, ['show', 'project', 'bookworm-amd64-slim', '--json'], env));
  expect(tags).toEqual(['release:bookworm', 'arch:amd64', 'variant:slim']);
  expect(implicitDependencies).toEqual(['bookworm-amd64', 'profile-slim']);
  const variants = await nx(workspace, ['show', 'projects', '--projects=tag:variant:openstack'], env);
  expect(variants.trim()).toBe('bookworm-amd64-openstack');
});

it('begins a workflow, which asks for what building needs', async () => {
  await nx(workspace, ['generate', 'nx-debian-image:ci', '--provider=gitlab'], env);
  expect(await readdir(join(workspace, '.gitlab'))).toEqual(['image.yml', 'images.yml']);
  expect(await run('npx', ['nx-debian-image', 'packages', 'web'], { cwd: workspace })).toContain('mmdebstrap\n');
});

it('refuses a release that is none before anything begins', async () => {
  const { status, output, errors } = await attemptNx(workspace, ['generate', 'nx-debian-image:image', 'wrong', '--release=bookwrom'], env);
  expect(status).not.toBe(0);
  expect(output + errors).toContain('bookwrom');
  expect(await readdir(join(workspace, 'images'))).not.toContain('wrong');
});

it('explains its options', async () => {
  expect(await nx(workspace, ['run', 'web:upload', '--help'], env)).toContain('--osCloud');
});

it('tells what is wrong in an image.json in a few lines, without a stack', async () => {
  const file = join(workspace, 'images/web/image.json');
  const before = await readFile(file, 'utf8');
  await writeFile(file, JSON.stringify({ ...JSON.parse(before), pakcages: ['vim'] }));
  const { status, output, errors } = await attemptNx(workspace, ['run', 'web:install'], env);
  await writeFile(file, before);
  expect(status).toBe(1);
  const said = output + errors;
  expect(said).toContain('did you mean "packages"?');
  expect(said).not.toMatch(/^\s+at .*\.js:\d+/m);
});

it('builds an image and publishes it; again it only looks', async () => {
  await nx(workspace, ['run', 'web:upload'], env);
  const versions = (await readdir(join(workspace, 'catalog/web'))).length;
  expect(versions).toBeGreaterThan(0);
  const manifest = join(workspace, 'dist/web/extract/manifest.json');
  const before = await readFile(manifest, 'utf8');
  await rm(join(workspace, 'dist'), { recursive: true });
  const again = await nx(workspace, ['run', 'web:upload'], env);
  expect(again).toContain('for 5 out of 6 tasks');
  expect(await readFile(manifest, 'utf8')).toBe(before);
  expect(await readdir(join(workspace, 'catalog/web'))).toHaveLength(versions);
});

it('works with Nx 24', async () => {
  const next = join(folder, 'next');
  await newWorkspace(next, tarballs, { nx: '24.0.6', devkit: '24.0.0' });
  await nx(next, ['generate', 'nx-debian-image:image', 'web'], env);
  expect(Object.keys(await targetsOf(next, 'web'))).toEqual(expect.arrayContaining(stages));
});
