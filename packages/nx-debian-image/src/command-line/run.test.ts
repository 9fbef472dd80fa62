import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silent } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommandLine } from './run.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'command-line-'));
  const options = { store: 'blobs', storeLimit: '1GiB' };
  writeFileSync(join(root, 'nx.json'), JSON.stringify({ plugins: ['another', { plugin: 'nx-debian-image/plugin', options }] }));
  mkdirSync(join(root, 'blobs'));
  writeFileSync(join(root, 'blobs/oci-layout'), '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

async function call(...words: string[]) {
  const said = { output: '', errors: '' };
  mkdirSync(join(root, 'images/web'), { recursive: true });
  const status = await runCommandLine(words, {
    folder: join(root, 'images/web'),
    environment: {},
    output: { write: (text) => (said.output += text) },
    errors: { write: (text) => (said.errors += text) },
    progress: silent,
  });
  return { status, ...said };
}

it("finds the workspace's store from a folder below, with its limit", async () => {
  const { status, output } = await call('store', 'du', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ folder: join(root, 'blobs'), limit: 2 ** 30, owners: [], total: 0 });
  expect(await call('store', 'collect')).toMatchObject({
    status: 0,
    output: "the store's limit is 1 GiB: 0 B freed (0 blobs), 0 B left\n",
  });
});

it('tells how it is used, and what was meant', async () => {
  expect(await call()).toMatchObject({ status: 0, output: expect.stringMatching(/^usage: nx-debian-image store du/) });
  expect(await call('store', 'colect')).toMatchObject({ status: 1, errors: expect.stringContaining('did you mean "store collect"?') });
  expect(await call('store', 'du', '--limit=1GiB')).toMatchObject({ status: 1 });
  expect((await call('store', 'du', '--jsno')).errors).toContain("Unknown option '--jsno'");
});

it('names the Debian packages that images need, of all or of those that are named', async () => {
  const image = (name: string, content: object): void => {
    mkdirSync(join(root, 'images', name), { recursive: true });
    writeFileSync(join(root, 'images', name, 'image.json'), JSON.stringify(content));
  };
  image('web', { release: 'bookworm', arch: process.arch === 'arm64' ? 'arm64' : 'amd64' });
  image('variant', { from: 'web', disk: { bare: ['qcow2'] } });
  const packages = async (...words: string[]): Promise<string[]> => (await call('packages', ...words)).output.trim().split('\n');
  expect(await packages('web')).toEqual(expect.arrayContaining(['mmdebstrap', 'uidmap']));
  expect(await packages('web')).not.toContain('qemu-utils');
  expect(await packages('web', '--verify')).toContain('openssh-client');
  expect(await packages()).toContain('qemu-utils');
  expect(await call('packages', 'wbe')).toMatchObject({ status: 1, errors: expect.stringContaining('did you mean "web"?') });
});

it('makes a key for this user alone, says its public half, and never replaces it', async () => {
  const made = await call('key', '--file=team.pem');
  expect(made).toMatchObject({ status: 0, output: expect.stringMatching(/^ed25519:[\w-]{43}\n$/) });
  const file = join(root, 'images/web/team.pem');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await call('key', '--file=team.pem')).toEqual(made);
  writeFileSync(file, 'something else');
  expect(await call('key', '--file=team.pem')).toMatchObject({ status: 1, errors: expect.stringContaining(file) });
  expect(await call('key', 'store')).toMatchObject({ status: 1 });
});

it('runs from source in the workspace that develops it', { timeout: 120_000 }, () => {
  const program = fileURLToPath(new URL('../../bin/nx-debian-image.mjs', import.meta.url));
  const cwd = fileURLToPath(new URL('../../../..', import.meta.url));
  const env = { ...process.env, DEBIAN_IMAGE_STORE: join(root, 'blobs') };
  const { status, stdout } = spawnSync(process.execPath, [program, 'store', 'du'], { cwd, env, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/blobs\n[^]*all +0 B/) });
});
