import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { logger, readJson, readNxJson, type Tree, updateNxJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { readImage } from '@nx-debian-image/debian-image';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readCatalogue } from '../inference/catalogue.ts';
import ci from './ci.ts';
import image from './image.ts';
import init from './init.ts';
import profile from './profile.ts';
import { shippedProfiles } from './shipped.ts';

let tree: Tree;
let said: string[];
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  said = [];
  for (const level of ['info', 'warn'] as const) vi.spyOn(logger, level).mockImplementation((line: string) => said.push(line));
});
afterEach(() => vi.restoreAllMocks());

/** Reads every image of the tree as the stages do; gives their names. */
async function readAll(): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'generated-'));
  try {
    for (const { path, content } of tree.listChanges()) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), content!);
    }
    const files = tree.listChanges().flatMap(({ path }) => (/\/(?:image|profile)\.json$/.test(path) ? [path] : []));
    const { entries } = readCatalogue(files, root);
    const folders = (kind: string) =>
      new Map(entries.filter((entry) => entry.kind === kind).map((entry) => [entry.name, join(root, entry.root)]));
    const neighbours = { image: folders('image'), profile: folders('profile') };
    for (const folder of neighbours.image.values()) await readImage(folder, neighbours);
    return [...neighbours.image.keys()].toSorted();
  } finally {
    rmSync(root, { recursive: true });
  }
}

it('registers the plugin and keeps what it makes out of git, once', async () => {
  tree.write('.gitignore', 'node_modules\ndist');
  await init(tree);
  expect(said).toEqual([
    'nx.json: the plugin nx-debian-image/plugin',
    'images/: make an image with `nx g nx-debian-image:image`',
    '.gitignore: /catalog/, .nx/',
  ]);
  said = [];
  await init(tree);
  expect(said).toEqual([]);
  expect(readNxJson(tree)!.plugins).toEqual(['nx-debian-image/plugin']);
  expect(tree.read('.gitignore', 'utf8')).toBe('node_modules\ndist\n/catalog/\n.nx/\n');
});

it('begins an image that names its schema', async () => {
  await image(tree, { name: 'web', release: 'bookworm', arch: 'arm64', directory: 'images/servers', description: 'Web servers' });
  expect(readJson(tree, 'images/servers/web/image.json')).toEqual({
    $schema: '../../../node_modules/nx-debian-image/schemas/image.schema.json',
    description: 'Web servers',
    release: 'bookworm',
    arch: 'arm64',
    packages: ['openssh-server'],
  });
  expect(readNxJson(tree)!.plugins).toContain('nx-debian-image/plugin');
  expect(await readAll()).toEqual(['web']);
});

it('begins one for each release, architecture and variant, with what these need', async () => {
  await image(tree, { release: 'bookworm,trixie', arch: ['amd64', 'arm64'], variant: 'openstack,docker' });
  const bases = ['bookworm-amd64', 'bookworm-arm64', 'trixie-amd64', 'trixie-arm64'];
  expect(await readAll()).toEqual(bases.flatMap((name) => [name, `${name}-docker`, `${name}-openstack`]));
  expect(readJson(tree, 'images/trixie-arm64-docker/image.json')).toEqual({
    $schema: '../../node_modules/nx-debian-image/schemas/image.schema.json',
    from: 'trixie-arm64',
    profiles: ['docker'],
  });
  expect(readJson(tree, 'images/profiles/docker/profile.json').$schema).toBe(
    '../../../node_modules/nx-debian-image/schemas/profile.schema.json',
  );
  expect(said).toContain('images/trixie-amd64/image.json: the image trixie-amd64');
});

it('starts a variant from the image that is there, by the profile that is there', async () => {
  await image(tree, { release: 'trixie', description: 'Mine' });
  await profile(tree, { name: 'own', description: 'My own' });
  await image(tree, { release: 'trixie', variant: 'own' });
  expect(readJson(tree, 'images/trixie-amd64/image.json').description).toBe('Mine');
  expect(readJson(tree, 'images/profiles/own/profile.json')).toMatchObject({ description: 'My own', packages: [] });
  expect(await readAll()).toEqual(['trixie-amd64', 'trixie-amd64-own']);
});

it('copies the profiles that come with the plugin, each as it is used here', async () => {
  const names = shippedProfiles();
  expect(names).toEqual(expect.arrayContaining(['docker', 'openstack', 'slim']));
  for (const name of names) await profile(tree, { name });
  await image(tree, { name: 'all', variant: names[0]! });
  expect(tree.listChanges().find(({ path }) => path === 'images/profiles/slim/scripts/slim.sh')!.options!.mode).toBe(0o755);
  expect(await readAll()).toEqual(['all', 'trixie-amd64']);
});

it('overwrites nothing, and then makes nothing at all', async () => {
  await image(tree, { release: 'trixie' });
  await expect(image(tree, { release: 'bookworm,trixie' })).rejects.toThrow('there is an image in images/trixie-amd64 already');
  expect(tree.exists('images/bookworm-amd64')).toBe(false);
  await profile(tree, { name: 'slim' });
  await expect(profile(tree, { name: 'slim' })).rejects.toThrow('there is a profile in images/profiles/slim already');
});

it('takes no name that leads elsewhere, and no single name for several', async () => {
  await expect(image(tree, { name: '../web' })).rejects.toThrow('"../web" cannot name an image');
  await expect(profile(tree, { name: 'a/b' })).rejects.toThrow('"a/b" cannot name a profile');
  await expect(image(tree, { name: 'web', arch: 'amd64,arm64' })).rejects.toThrow('one name, "web", for 2 images');
});

it('knows what there is', async () => {
  await expect(image(tree, { release: 'bookwrom' })).rejects.toThrow('there is no release "bookwrom"; did you mean "bookworm"?');
  await expect(image(tree, { arch: 'amd46' })).rejects.toThrow('there is no architecture "amd46"; did you mean "amd64"');
  await expect(image(tree, { variant: 'openstak' })).rejects.toThrow('there is no profile "openstak"; did you mean "openstack"?');
});

it('begins the workflows of a provider for the default branch and the catalog of this workspace', async () => {
  const options = { catalog: 'published' };
  updateNxJson(tree, { ...readNxJson(tree), defaultBase: 'origin/trunk', plugins: [{ plugin: 'nx-debian-image/plugin', options }] });
  await ci(tree, { provider: 'github' });
  expect(said).toEqual(expect.arrayContaining(['.github/workflows/images.yml: new', '.github/workflows/image-locks.yml: new']));
  const workflow = tree.read('.github/workflows/images.yml', 'utf8')!;
  expect(workflow).toContain("branches: ['trunk']");
  expect(workflow).toContain("github.ref == 'refs/heads/trunk'");
  expect(workflow).toContain('path: published\n');
  expect(workflow).not.toMatch(/<%|\bmain\b(?!-branch)/);
});

it('publishes to a cloud with secrets that no other step sees', async () => {
  await ci(tree, { provider: 'github', to: 'glance' });
  const { jobs } = parse(tree.read('.github/workflows/images.yml', 'utf8')!) as {
    jobs: { image: { env: object; steps: { env?: object }[] } };
  };
  const withSecrets = jobs.image.steps.filter(({ env }) => JSON.stringify(env ?? {}).includes('secrets.OS_'));
  expect(withSecrets).toEqual([expect.objectContaining({ name: 'Publish', if: "github.ref == 'refs/heads/main'" })]);
  expect(JSON.stringify(jobs.image.env)).not.toContain('secrets.');
});

it('leaves a file of a workflow that says something else, unless it is forced', async () => {
  tree.write('.gitlab-ci.yml', 'mine: { script: [make] }\n');
  await ci(tree, { provider: 'gitlab' });
  expect(said).toContainEqual(expect.stringMatching(/^\.gitlab-ci\.yml is there already and stays as it is[^]*include:/));
  expect(said).toEqual(expect.arrayContaining(['.gitlab/images.yml: new', '.gitlab/image.yml: new']));
  expect(tree.read('.gitlab-ci.yml', 'utf8')).toBe('mine: { script: [make] }\n');
  said = [];
  await ci(tree, { provider: 'gitlab', force: true });
  expect(said.filter((line) => line.startsWith('.gitlab'))).toEqual(['.gitlab-ci.yml: written anew']);
  expect(parse(tree.read('.gitlab-ci.yml', 'utf8')!)).toMatchObject({ include: [{ local: '.gitlab/images.yml' }] });
});
