import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProjectConfiguration } from '@nx/devkit';
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import { createNodes } from '../plugin.ts';

let workspaceRoot: string;
let said: MockInstance<typeof console.error>;
beforeEach(() => {
  workspaceRoot = mkdtempSync(join(tmpdir(), 'variants-'));
  said = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  rmSync(workspaceRoot, { recursive: true });
  vi.restoreAllMocks();
});

/** The projects of a workspace with these files, by their folders below images. */
async function infer(files: Readonly<Record<string, object>>): Promise<Record<string, Partial<ProjectConfiguration>>> {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(workspaceRoot, 'images', dirname(path)), { recursive: true });
    writeFileSync(join(workspaceRoot, 'images', path), JSON.stringify(content));
  }
  const found = Object.keys(files).map((path) => join('images', path));
  const results = await createNodes[1](found, {}, { workspaceRoot, nxJsonConfiguration: {} });
  const projects = Object.assign({}, ...results.map(([, result]) => result.projects)) as Record<string, Partial<ProjectConfiguration>>;
  return Object.fromEntries(Object.entries(projects).map(([root, project]) => [root.replace('images/', ''), project]));
}

const warnings = (): string[] => said.mock.calls.map(([line]) => String(line));

const workspace = {
  'base/image.json': { release: 'bookworm', arch: 'arm64' },
  'web/image.json': { from: 'base', profiles: ['slim'], description: 'Web servers' },
  'profiles/slim/profile.json': { profiles: ['tiny'], scripts: ['slim.sh'], users: [{ name: 'a', sudo: true }] },
  'profiles/tiny/profile.json': { description: 'Next to nothing', disk: { slack: '1MiB' } },
};

it('makes profiles projects without targets, and draws who uses what', async () => {
  const projects = await infer(workspace);
  expect(projects['profiles/slim']).toEqual({
    name: 'profile-slim',
    projectType: 'library',
    tags: ['profile:slim'],
    implicitDependencies: ['profile-tiny'],
    metadata: { description: 'The profile slim' },
    targets: {},
  });
  expect(projects['profiles/tiny']!.metadata!.description).toBe('Next to nothing');
  expect(projects['web']).toMatchObject({
    name: 'web',
    tags: ['release:bookworm', 'arch:arm64', 'variant:tiny', 'variant:slim'],
    implicitDependencies: ['base', 'profile-tiny', 'profile-slim'],
    metadata: { description: 'Debian bookworm for arm64, from base: Web servers' },
  });
  expect(warnings()).toEqual([]);
});

it('installs upon the configured tree of the image that it starts from', async () => {
  const { install } = (await infer(workspace))['web']!.targets!;
  expect(install!.dependsOn).toEqual([{ projects: ['base'], target: 'configure' }]);
  expect(install!.inputs).toContainEqual({ dependentTasksOutputFiles: '**/manifest.json' });
  expect(install!.inputs).toContainEqual({ runtime: 'echo sudo' });
});

it('hashes of another file only what decides the stage', async () => {
  const { targets } = (await infer(workspace))['web']!;
  const files = (stage: string): string[] =>
    targets![stage]!.inputs!.flatMap((input) => (typeof input === 'object' && 'json' in input ? [input.json] : []));
  const own = '{projectRoot}/image.json';
  const [slim, tiny] = ['slim', 'tiny'].map((name) => `{workspaceRoot}/images/profiles/${name}/profile.json`);
  const base = '{workspaceRoot}/images/base/image.json';
  expect(files('install')).toEqual([own, base]);
  expect(files('configure')).toEqual([own, slim, base]);
  expect(files('convert')).toEqual([own, tiny, base]);
  const convert = targets!['convert']!.inputs!.find((input) => typeof input === 'object' && 'json' in input && input.json === base);
  expect(convert).toEqual({ json: base, fields: ['release', 'arch', 'growRoot', 'from', 'profiles', 'remove'] });
});

it('hashes the files of a profile', async () => {
  const inputs = (await infer(workspace))['web']!.targets!['configure']!.inputs!;
  expect(inputs).toContain('{workspaceRoot}/images/profiles/slim/slim.sh');
});

it('says what leads nowhere or in a circle, and keeps the graph without that', async () => {
  const projects = await infer({
    'a/image.json': { from: 'b' },
    'b/image.json': { from: 'a' },
    'c/image.json': { from: 'a' },
    'd/image.json': { from: 'no' },
    'e/image.json': { release: 'sid', profiles: ['one', 'no'] },
    'profiles/one/profile.json': { profiles: ['two'] },
    'profiles/two/profile.json': { profiles: ['one'] },
    'web/image.json': { release: 'sid' },
  });
  expect(warnings()).toEqual([
    'warning: images/a/image.json is no image: images start from one another: a -> b -> a',
    'warning: images/b/image.json is no image: images start from one another: b -> a -> b',
    'warning: images/c/image.json is no image: images start from one another: a -> b -> a',
    'warning: images/d/image.json is no image: there is no image "no" to start from',
    'warning: images/e/image.json is no image: profiles are built upon one another: one -> two -> one',
    'warning: images/profiles/one/profile.json is no profile: profiles are built upon one another: one -> two -> one',
    'warning: images/profiles/two/profile.json is no profile: profiles are built upon one another: two -> one -> two',
  ]);
  expect(projects['a']!.implicitDependencies).toBeUndefined();
  expect(projects['b']!.targets!['install']!.dependsOn).toBeUndefined();
  expect(projects['c']!.implicitDependencies).toEqual(['a']);
  expect(projects['web']!.metadata!.description).toBe('Debian sid for amd64');
});

it('keeps two images of one name apart, and says so', async () => {
  const projects = await infer({ 'a/web/image.json': { release: 'sid' }, 'b/web/image.json': { release: 'sid' } });
  expect([projects['a/web']!.name, projects['b/web']!.name]).toEqual(['web', 'images-b-web']);
  expect(warnings()).toEqual([
    'warning: images/b/web/image.json is no image: images/a/web is called "web" too; name one of the folders otherwise',
  ]);
});

it('lets no profile take the name of an image', async () => {
  const projects = await infer({ 'slim/image.json': { release: 'sid' }, 'profiles/slim/profile.json': {} });
  expect([projects['slim']!.name, projects['profiles/slim']!.name]).toEqual(['slim', 'profile-slim']);
  expect(warnings()).toEqual([]);
});

it('leaves files of other tools that are called profile.json', async () => {
  expect(await infer({ 'web/profile.json': { cpu: 1 } })).toEqual({});
});
