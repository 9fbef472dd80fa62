import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProjectConfiguration } from '@nx/devkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createNodes, createNodesV2, type PluginOptions } from './plugin.ts';

let workspaceRoot: string;
beforeEach(() => {
  workspaceRoot = mkdtempSync(join(tmpdir(), 'plugin-'));
});
afterEach(() => {
  rmSync(workspaceRoot, { recursive: true });
  vi.restoreAllMocks();
});

function write(path: string, content: unknown): void {
  mkdirSync(join(workspaceRoot, dirname(path)), { recursive: true });
  writeFileSync(join(workspaceRoot, path), typeof content === 'string' ? content : JSON.stringify(content));
}

async function infer(files: string[], options?: PluginOptions): Promise<Record<string, Partial<ProjectConfiguration>>> {
  const results = await createNodes[1](files, options, { workspaceRoot, nxJsonConfiguration: {} });
  return Object.assign({}, ...results.map(([, { projects }]) => projects));
}

it('makes a folder with an image.json a project with a target for each stage', async () => {
  write('images/web/image.json', { release: 'bookworm', description: 'Web servers' });
  const project = (await infer(['images/web/image.json']))['images/web']!;
  expect(project).toMatchObject({
    name: 'web',
    tags: ['release:bookworm', 'arch:amd64'],
    metadata: { description: 'Debian bookworm for amd64: Web servers' },
  });
  const targets = project.targets!;
  const made = ['install', 'configure', 'convert', 'shrink', 'extract', 'verify', 'upload'];
  expect(Object.keys(targets)).toEqual([...made, 'shell', 'start', 'lock', 'outdated', 'diff', 'reproduce', 'explain']);
  expect(targets['shrink']).toMatchObject({
    executor: 'nx-debian-image:shrink',
    cache: true,
    dependsOn: ['convert'],
    outputs: ['{workspaceRoot}/dist/{projectName}/shrink'],
  });
  expect(targets['shrink']!.inputs).toContainEqual({ dependentTasksOutputFiles: '**/manifest.json' });
  expect(targets['shrink']!.inputs).toContainEqual({
    json: '{projectRoot}/image.json',
    fields: ['release', 'arch', 'growRoot', 'disk.slack'],
  });
  expect(targets['install']!.dependsOn).toBeUndefined();
  expect(targets['upload']).toMatchObject({ cache: true, options: {}, configurations: { glance: { to: 'glance' } } });
  expect(targets['upload']!.outputs).toBeUndefined();
  expect(targets['start']).toMatchObject({ cache: false, continuous: true, dependsOn: ['extract'] });
  expect(targets['shell']).not.toHaveProperty('dependsOn');
});

it('hashes for configure the files that image.json names, and no others', async () => {
  write('images/web/image.json', {
    release: 'sid',
    install: { keyring: 'keys/own.gpg' },
    files: [{ source: 'files/' }, { source: './odd[1].conf' }],
    scripts: ['scripts/motd.sh'],
  });
  const targets = (await infer(['images/web/image.json']))['images/web']!.targets!;
  const inputs = (stage: string): unknown[] =>
    targets[stage]!.inputs!.filter((input) => typeof input === 'string' && input.includes('{projectRoot}'));
  expect(inputs('configure')).toEqual(
    ['files', 'odd?1?.conf', 'scripts/motd.sh'].flatMap((path) => [`{projectRoot}/${path}`, `{projectRoot}/${path}/**/*`]),
  );
  expect(inputs('install')).toEqual(['{projectRoot}/keys/own.gpg', '{projectRoot}/keys/own.gpg/**/*', '{projectRoot}/image.lock.json']);
  expect(inputs('convert')).toEqual([]);
});

it('installs again for a user with sudo, and not for another user', async () => {
  const installInputs = async (users: object[]): Promise<unknown[]> => {
    write('images/web/image.json', { release: 'sid', users });
    return (await infer(['images/web/image.json']))['images/web']!.targets!['install']!.inputs!;
  };
  const nobody = await installInputs([]);
  expect(await installInputs([{ name: 'admin', keys: ['ssh-ed25519 AAAA'] }])).toEqual(nobody);
  expect(await installInputs([{ name: 'admin', sudo: true }])).not.toEqual(nobody);
});

it('has debian-installer in the key of install alone, and no tool of the other method', async () => {
  const inputsOf = async (install: object): Promise<Record<string, unknown>> => {
    write('images/old/image.json', { release: 'squeeze', install });
    const targets = (await infer(['images/old/image.json']))['images/old']!.targets!;
    return Object.fromEntries(Object.entries(targets).map(([name, { inputs }]) => [name, inputs]));
  };
  const { install: bootstrapped, ...rest } = await inputsOf({});
  const { install: installed, ...same } = await inputsOf({ method: 'installer', installer: { source: 'netboot' } });
  expect(same).toEqual(rest);
  expect(bootstrapped).toContainEqual({ runtime: 'dpkg-query --show mmdebstrap' });
  expect(installed).not.toContainEqual({ runtime: 'dpkg-query --show mmdebstrap' });
  expect(installed).toEqual(expect.arrayContaining(['{projectRoot}/netboot', '{projectRoot}/netboot/**/*']));
});

it.each(['/srv/netboot', '../netboot', 'https://example.org/netboot'])('hashes no installer at %s', async (source) => {
  write('images/old/image.json', { release: 'squeeze', install: { method: 'installer', installer: { source } } });
  const { inputs } = (await infer(['images/old/image.json']))['images/old']!.targets!['install']!;
  expect(inputs!.filter((input) => typeof input === 'string' && input.startsWith('{projectRoot}'))).toEqual([
    '{projectRoot}/image.lock.json',
  ]);
});

it('hashes of a bare disk the lock with its boot loader, and what packs its forms', async () => {
  const inputs = async (stage: string, bare?: string[]): Promise<unknown[]> => {
    write('images/web/image.json', { release: 'sid', ...(bare === undefined ? {} : { disk: { bare } }) });
    return (await infer(['images/web/image.json']))['images/web']!.targets![stage]!.inputs!;
  };
  const beyond = async (stage: string, bare: string[]): Promise<unknown[]> => {
    const before = JSON.stringify(await inputs(stage));
    return (await inputs(stage, bare)).filter((input) => !before.includes(JSON.stringify(input)));
  };
  expect(await beyond('convert', ['uec'])).toEqual(['{projectRoot}/image.lock.json']);
  expect(await beyond('extract', ['raw', 'uec'])).toEqual([]);
  expect(await beyond('extract', ['vhd'])).toEqual([{ runtime: 'dpkg-query --show qemu-utils' }]);
  expect(await beyond('extract', ['qcow2', 'raw.xz'])).toEqual([{ runtime: 'dpkg-query --show qemu-utils xz-utils' }]);
  expect(await beyond('shrink', ['qcow2'])).toEqual([]);
});

it('verifies before an upload where image.json or a profile says so', async () => {
  const dependsOn = async (image: object): Promise<unknown> => {
    write('images/profiles/tried/profile.json', { verify: { beforeUpload: true } });
    write('images/web/image.json', { release: 'sid', ...image });
    return (await infer(['images/web/image.json', 'images/profiles/tried/profile.json']))['images/web']!.targets!['upload']!.dependsOn;
  };
  expect(await dependsOn({})).toEqual(['extract']);
  expect(await dependsOn({ verify: { beforeUpload: true } })).toEqual(['extract', 'verify']);
  expect(await dependsOn({ profiles: ['tried'] })).toEqual(['extract', 'verify']);
  expect(await dependsOn({ profiles: ['tried'], verify: { beforeUpload: false } })).toEqual(['extract']);
});

it('gives the options of nx.json to the executors', async () => {
  write('images/web/image.json', { release: 'sid' });
  const targets = (await infer(['images/web/image.json'], { store: 'blobs', catalog: 'public' }))['images/web']!.targets!;
  expect(targets['convert']!.options).toEqual({ store: 'blobs' });
  expect(targets['upload']!.options).toEqual({ store: 'blobs', catalog: 'public' });
});

it('keeps the graph when an image.json is broken, and says so in one line', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  write('images/web/image.json', { release: 'sid' });
  write('images/broken/image.json', '{ "release": ');
  write('images/unsure/image.json', { $schema: '../image.schema.json' });
  const projects = await infer(['images/web/image.json', 'images/broken/image.json', 'images/unsure/image.json']);
  expect(Object.keys(projects)).toEqual(['images/broken', 'images/unsure', 'images/web']);
  expect(said.mock.calls).toEqual([
    [expect.stringMatching(/^warning: images\/broken\/image.json is no image: Unexpected end of JSON/)],
    ['warning: images/unsure/image.json is no image: "release" must say which Debian release the image is made of'],
  ]);
  expect(Object.keys(projects['images/broken']!.targets!)).toContain('upload');
});

it('leaves alone what is not an image: results, installed packages, files of other tools', async () => {
  for (const folder of ['dist/web', 'tmp/web', 'a/node_modules/web']) write(`${folder}/image.json`, { release: 'sid' });
  write('assets/image.json', { $schema: 'https://json-schema.org/schema', width: 12 });
  expect(await infer(['dist/web/image.json', 'tmp/web/image.json', 'a/node_modules/web/image.json', 'assets/image.json'])).toEqual({});
});

it('is found by every Nx from 23 on', () => {
  expect(createNodesV2).toBe(createNodes);
});
