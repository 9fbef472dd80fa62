import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@nx-debian-image/artifact-store';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { within } from '../../disk/ext4/debugfs.ts';
import { withoutProgram } from '../../host/testing/absent-program.ts';
import { hostFileSystemTools, readInside } from '../../machine/index.ts';
import { bootWords } from '../../machine/testing/boot-sector.ts';
import type { StageRequest } from '../open-build.ts';
import { startImage } from './index.ts';
import { bareBytes, rootStart, scratchFiles, startedWorkspace, startRequest } from './testing/started-workspace.ts';

let workspaceRoot: string;
let store: Store;
beforeAll(async () => {
  ({ workspaceRoot, store } = await startedWorkspace(await mkdtemp(join(tmpdir(), 'start-test-'))));
});
afterAll(() => rm(workspaceRoot, { recursive: true, force: true }));

/** Starts an image without a person, looks around once it has said something, and ends it as Ctrl-C does. Gives all that was said. */
async function startUntil(
  words: RegExp,
  options: StageRequest['options'],
  look: (files: readonly string[]) => Promise<void>,
): Promise<string[]> {
  const controller = new AbortController();
  const said: string[] = [];
  let looked: Promise<void> | undefined;
  const hear = (line: string): void => {
    said.push(line);
    if (words.test(line))
      looked ??= scratchFiles(store)
        .then(look)
        .finally(() => controller.abort());
  };
  await startImage(startRequest(workspaceRoot, 'web', options, controller.signal, hear), false);
  await looked;
  expect(said.some((line) => words.test(line))).toBe(true);
  expect(await scratchFiles(store)).toEqual([]);
  return said;
}

const keysOf = (path: string, start = 0): Promise<string> =>
  readInside(hostFileSystemTools, within(path, start), '/root/.ssh/authorized_keys');

it('starts kernel, ramdisk and a copy of the root with a key and seeds, and leaves nothing of it', async () => {
  await writeFile(join(workspaceRoot, 'user-data.yaml'), '#cloud-config\n{}\n');
  const options = { flavour: 'disk=64MiB,memory=256MiB,processors=1', userData: 'user-data.yaml', forward: ['0:80'], display: 'vnc' };
  const said = await startUntil(/Run \/init/, options, async (files) => {
    const root = files.find((file) => file.endsWith('/root.ext4'))!;
    expect((await stat(root)).size).toBe(64 << 20);
    expect(await keysOf(root)).toMatch(/^ssh-rsa /);
    expect(files.map((file) => file.split('/').at(-1))).toEqual(expect.arrayContaining(['config-drive', 'no-cloud']));
  });
  const text = said.join('\n');
  expect(text).toMatch(/^ssh -p \d+ -i \S+\/id_rsa .* root@127\.0\.0\.1$/m);
  expect(text).toMatch(/^127\.0\.0\.1:[1-9]\d+ leads to port 80 of the machine$/m);
  expect(text).toMatch(/^its screen: vnc:\/\/127\.0\.0\.1:59\d\d$/m);
  expect(text).toMatch(/^web has no package cloud-init/m);
});

it('starts the bare disk by its own boot loader, with a key in its root', async () => {
  await writeFile(join(workspaceRoot, 'me.pub'), 'ssh-ed25519 AAAA me\n');
  const said = await startUntil(new RegExp(bootWords), { bare: true, key: 'me.pub', flavour: 'memory=256MiB' }, async (files) => {
    const disk = files.find((file) => file.endsWith('/disk.raw'))!;
    expect((await stat(disk)).size).toBeGreaterThan(bareBytes);
    expect(await keysOf(disk, rootStart)).toBe('ssh-ed25519 AAAA me\n');
  });
  expect(said.join('\n')).toMatch(/^ssh -p \d+ -o StrictHostKeyChecking/m);
});

it('names a port that is taken, before it does anything', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await expect(refused('web', { forward: [`${port}:80`] })).rejects.toMatchObject({ reason: 'busy', hint: /--forward and --ssh-port/ });
});

it('names the program that is missing for a bare disk', async () => {
  await withoutProgram('qemu-img', join(workspaceRoot, 'without'));
  const hint = 'sudo apt-get install --no-install-recommends qemu-utils';
  await expect(refused('web', { bare: true })).rejects.toMatchObject({ reason: 'missing-tool', hint });
});

it('leaves nothing where it does not start', async () => {
  await expect(refused('plain', { bare: true })).rejects.toMatchObject({ reason: 'invalid', message: 'plain has no bare disk' });
  await expect(refused('web', { key: 'none.pub' })).rejects.toMatchObject({ reason: 'not-found', where: '--key' });
  expect(await scratchFiles(store)).toEqual([]);
});

const refused = (image: 'web' | 'plain', options: StageRequest['options']): Promise<void> =>
  startImage(startRequest(workspaceRoot, image, options, new AbortController().signal), false);
