import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@nx-debian-image/http/in-tests';
import { expect, it } from 'vitest';
import { accountOf } from '../testing/opened.ts';
import { findCredentials } from './find.ts';
import type { AskHelper } from './helper.ts';

const auth = (name: string): object => accountOf({ name, password: 'a:b' });

async function written(file: string, content: object | string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** The name that is found for a repository in one file. */
async function nameIn(content: object, account: string, askHelper?: AskHelper): Promise<string | undefined> {
  const file = await written(join(await temporaryFolder(), 'auth.json'), content);
  const found = await findCredentials(account, { REGISTRY_AUTH_FILE: file }, askHelper);
  return found?.kind === 'password' ? `${found.name} ${found.password}` : found?.token;
}

it.each([
  ['registry.example/team/images', 'images a:b'],
  ['registry.example/team/other', 'team a:b'],
  ['registry.example/teams', 'host a:b'],
  ['registry.example:5000/team', 'port a:b'],
  ['docker.io/library/debian', 'docker a:b'],
  ['old.example/x', 'old a:b'],
  ['tokens.example/x', 'identity'],
  ['plain.example/x', 'plain word'],
  ['empty.example/x', undefined],
  ['elsewhere.example/x', undefined],
])('takes the longest part of a name: %s', async (account, name) => {
  const auths = {
    'registry.example': auth('host'),
    'registry.example/team': auth('team'),
    'registry.example/team/images': auth('images'),
    'registry.example:5000': auth('port'),
    'https://index.docker.io/v1/': auth('docker'),
    'http://old.example/v2/': auth('old'),
    'tokens.example': { ...auth('<token>'), identitytoken: 'identity' },
    'plain.example': { username: 'plain', password: 'word' },
    'empty.example': {},
  };
  expect(await nameIn({ auths, HttpHeaders: { 'User-Agent': 'x' } }, account)).toBe(name);
});

it('asks helpers: of the host before all, for all others at last', async () => {
  const asked: string[] = [];
  const askHelper: AskHelper = async (program, input) => {
    asked.push(`${program} ${input}`);
    const Username = program.endsWith('pass') ? '<token>' : 'helped';
    if (input === 'unknown.example') return { status: 1, stdout: 'credentials not found in native keychain\n' };
    return { status: 0, stdout: JSON.stringify({ ServerURL: input, Username, Secret: 'secret' }) };
  };
  const content = {
    auths: { 'registry.example': auth('file'), 'unknown.example': {} },
    credHelpers: { 'registry.example': 'cloud' },
    credsStore: 'pass',
  };
  expect(await nameIn(content, 'registry.example/x', askHelper)).toBe('helped secret');
  expect(await nameIn(content, 'other.example/x', askHelper)).toBe('secret');
  expect(await nameIn(content, 'unknown.example/x', askHelper)).toBeUndefined();
  expect(await nameIn(content, 'docker.io/library/x', askHelper)).toBe('secret');
  expect(asked).toEqual([
    'docker-credential-cloud registry.example',
    'docker-credential-pass other.example',
    'docker-credential-pass unknown.example',
    'docker-credential-pass https://index.docker.io/v1/',
  ]);
});

it.each([
  ['command-failed', 'pass', async () => ({ status: 1, stdout: 'the agent is locked: hidden' })],
  ['invalid', 'pass', async () => ({ status: 0, stdout: 'hidden' })],
  ['invalid', '../x', async () => ({ status: 0, stdout: '' })],
  ['missing-tool', 'pass', undefined],
])('tells of a helper that fails as %s, and not what it says', async (reason, credsStore, askHelper) => {
  const failure: unknown = await nameIn({ credsStore }, 'registry.example/x', askHelper).catch((error: unknown) => error);
  expect(failure).toMatchObject({ reason });
  expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain('hidden');
});

it('looks into the files of docker and podman in order, and into a named one alone', async () => {
  const folder = await temporaryFolder();
  const file = (name: string, user: string): Promise<string> => written(join(folder, name), { auths: { 'registry.example': auth(user) } });
  const environment = { HOME: join(folder, 'home'), XDG_RUNTIME_DIR: join(folder, 'run'), DOCKER_CONFIG: join(folder, 'docker') };
  const find = async (more: object = {}) => (await findCredentials('registry.example/x', { ...environment, ...more }, undefined))?.from;
  expect(await find()).toBeUndefined();
  const docker = await file('home/.docker/config.json', 'docker');
  expect(await find({ DOCKER_CONFIG: undefined })).toBe(docker);
  const configured = await file('docker/config.json', 'configured');
  expect(await find()).toBe(configured);
  const home = await file('home/.config/containers/auth.json', 'home');
  expect(await find()).toBe(home);
  const runtime = await file('run/containers/auth.json', 'runtime');
  expect(await find()).toBe(runtime);
  const named = await written(join(folder, 'named.json'), {});
  expect(await find({ REGISTRY_AUTH_FILE: named })).toBeUndefined();
  const missing = join(folder, 'missing.json');
  await expect(find({ REGISTRY_AUTH_FILE: missing })).rejects.toMatchObject({
    reason: 'not-found',
    message: expect.stringContaining(missing),
  });
});

it.each(['{"auths": {"registry.example": {"auth": "hidden', '{"auths": "hidden"}', '["hidden"]', 'hidden'])(
  'names a broken file and nothing of it: %s',
  async (content) => {
    const file = await written(join(await temporaryFolder(), 'auth.json'), content);
    const failure: unknown = await findCredentials('registry.example/x', { REGISTRY_AUTH_FILE: file }, undefined).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ reason: 'invalid', message: expect.stringContaining(file) });
    expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain('hidden');
  },
);

it('names a file that cannot be read', async () => {
  const folder = await temporaryFolder();
  await expect(findCredentials('registry.example/x', { REGISTRY_AUTH_FILE: folder }, undefined)).rejects.toMatchObject({
    reason: 'invalid',
    message: expect.stringContaining(`${folder} cannot be read (EISDIR)`),
  });
});
