import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { attempt } from './support/command.ts';
import { type ImageWorkspace, imageWorkspace } from './support/image-workspace.ts';

// What a user does wrong, and what goes wrong around him: one clear message, and nothing half left.

const base = { release: 'bookworm', packages: ['openssh-server', 'vim', 'curl', 'parted'], locales: ['fr_FR.UTF-8', 'en_US.UTF-8'] };

let workspace: ImageWorkspace;
beforeAll(async () => {
  workspace = await imageWorkspace();
});
afterAll(() => workspace.dispose());

beforeEach(() => mkdir(workspace.path('images/web/scripts'), { recursive: true }));
afterEach(() => rm(workspace.path('images/web'), { recursive: true }));

const write = (name: string, text: string): Promise<void> => writeFile(workspace.path('images/web', name), text);
const image = (more: object): Promise<void> => write('image.json', JSON.stringify({ ...base, ...more }));

/** Runs a stage that must fail; gives what it said, which has no stack. */
async function failure(stage: string, env: Record<string, string> = {}): Promise<string> {
  const { status, output, errors } = await workspace.attempt(['run', `web:${stage}`], env);
  expect(status).not.toBe(0);
  const said = output + errors;
  expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(said).not.toContain('This is a bug');
  expect(existsSync(workspace.path('dist/web', stage, 'manifest.json'))).toBe(false);
  return said;
}

describe('bad input', () => {
  it('a key that is none', async () => {
    await image({ pakcages: ['vim'] });
    expect(await failure('install')).toContain('did you mean "packages"?');
  });

  it('a package that does not exist', async () => {
    await image({ packages: ['opensh-server'] });
    expect(await failure('install')).toMatch(/there is no package "opensh-server"; did you mean .*"openssh-server"/);
  });

  it('a module that does not exist', async () => {
    await image({ modules: ['virtio_baloon'] });
    expect(await failure('configure')).toContain('did you mean "virtio_balloon"');
  });

  it('a lock that is for something else, or that was edited', async () => {
    await image({});
    await workspace.nx(['run', 'web:lock']);
    const file = workspace.path('images/web/image.lock.json');
    const lock = await readFile(file, 'utf8');
    await image({ packages: [...base.packages, 'nginx-light'] });
    const said = await failure('install');
    expect(said).toContain('packages: image.json asks for "nginx-light", the lock does not');
    expect(said).toContain('`nx run web:lock`');
    await write('image.lock.json', lock.replace(/"version":"[^"]+"/, '"version":"1"'));
    expect(await failure('install')).toContain('image.lock.json was changed after it was written');
    await rm(file);
  });

  it('a script that fails: its name, its words, its status, and a shell in the tree as it stood', async () => {
    await write('scripts/broken.sh', '#!/bin/sh\necho about to fail\necho left >/root/left\nexit 7\n');
    await image({ scripts: ['scripts/broken.sh'] });
    const said = await failure('configure');
    for (const words of ['broken.sh', 'about to fail', 'status 7', 'nx run web:shell --after=failed']) expect(said).toContain(words);
    expect(await workspace.nx(['run', 'web:shell', '--after=failed', '--command=cat /root/left'])).toContain('left');
  });
});

describe('bad luck', () => {
  it('no network', async () => {
    await image({ packages: ['vim'] });
    expect(await failure('install', { DEBIAN_IMAGE_MIRROR: 'http://127.0.0.1:9/debian' })).toContain('the mirror cannot be reached');
  });

  it('no space left where the store is', async () => {
    await image({ packages: ['vim'] });
    const small = workspace.path('small');
    await mkdir(small);
    const script = 'mount -t tmpfs -o size=40m tmpfs "$1" && shift && exec "$@"';
    const nx = workspace.path('node_modules/.bin/nx');
    const { status, output, errors } = await attempt(
      'unshare',
      ['--map-root-user', '--mount', 'sh', '-c', script, 'sh', small, nx, 'run', 'web:install'],
      {
        cwd: workspace.folder,
        env: { DEBIAN_IMAGE_STORE: small, NX_DAEMON: 'false', NX_TUI: 'false' },
      },
    );
    expect(status).not.toBe(0);
    expect(output + errors).toMatch(/no space left/i);
  });

  it('kill -9 in the middle of configure: no process, no scratch folder, no artifact, and the next run goes on', async () => {
    await write('scripts/slow.sh', '#!/bin/sh\necho the script has begun\nsleep 61 & sleep 3600\n');
    await image({ scripts: ['scripts/slow.sh'] });
    expect(await leftAfter('SIGKILL')).toEqual(nothing);
  });

  it('Ctrl-C in the middle of configure', async () => {
    await write('scripts/slow.sh', '#!/bin/sh\necho the script has begun\nsleep 61 & sleep 3600\n');
    await image({ scripts: ['scripts/slow.sh'] });
    expect(await leftAfter('SIGINT')).toEqual(nothing);
  });

  it('two runs of one image at once', async () => {
    await image({ hostname: 'twice' });
    const runs = await Promise.all([1, 2].map(() => workspace.attempt(['run', 'web:extract'])));
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
  });
});

const nothing = { processes: [], artifact: false, scratch: [] };

/** Sends a signal to all processes of a configure once its script runs; gives what is left, after the next run for scratch folders. */
async function leftAfter(signal: NodeJS.Signals): Promise<typeof nothing> {
  const nx = workspace.path('node_modules/.bin/nx');
  const options = { cwd: workspace.folder, env: { ...process.env, ...workspace.environment }, detached: true };
  const child = spawn(nx, ['run', 'web:configure'], { ...options, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await until(async () => (await processesOf(/sleep 3600/)).length > 0);
  process.kill(-child.pid!, signal);
  await ended;
  const processes = async (): Promise<string[]> => processesOf(/sleep (61|3600)|debian-image\/configure\.sh/);
  await until(async () => (await processes()).length === 0).catch(() => {});
  const artifact = existsSync(workspace.path('dist/web/configure/manifest.json'));
  await rm(workspace.path('images/web/scripts/slow.sh'));
  await image({ hostname: signal.toLowerCase() });
  await workspace.nx(['run', 'web:configure']);
  const scratch = await readdir(join(workspace.environment['DEBIAN_IMAGE_STORE']!, 'scratch'));
  return { processes: (await processes()) as [], artifact, scratch: scratch as [] };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 240_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it does not come true');
    await sleep(200);
  }
}

/** The command lines of this machine's processes that match. */
async function processesOf(pattern: RegExp): Promise<string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (pid: string): Promise<string> =>
    readFile(`/proc/${pid}/cmdline`, 'utf8').then(
      (text) => text.replaceAll('\0', ' '),
      () => '',
    );
  return (await Promise.all(processes.map(read))).filter((line) => pattern.test(line));
}
