import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArtifact } from '@nx-debian-image/artifact-store';
import { openRepository, type Repository } from '@nx-debian-image/registry';
import { silent } from '@nx-debian-image/report';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startRegistry, testUser } from '@nx-debian-image/registry/testing';
import { command, run } from '../host/index.ts';
import { builtStages } from '../pipeline/build.ts';
import { verifyImage } from '../pipeline/verify/index.ts';
import { type CountingProxy, startCountingProxy } from './testing/counting-proxy.ts';
import { type Machine, type MachineOptions, startMachine } from './testing/machine.ts';

// Machines with stores of their own and a real registry; the bytes between are counted.

let folder: string;
let registry: Awaited<ReturnType<typeof startRegistry>>;
let proxy: CountingProxy;
let content: string;
let repositories = 0;
let name: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exchange-'));
  registry = await startRegistry(folder);
  proxy = await startCountingProxy(registry.host);
});
afterAll(async () => {
  await proxy.stop();
  await registry.stop();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  // 3 MiB that no compression makes smaller than 2.25 MiB
  content = randomBytes(((3 << 20) / 4) * 3).toString('base64');
  name = `${proxy.host}/team/images-${(repositories += 1)}`;
});
afterEach(() => proxy.taken());

const around = (signal = new AbortController().signal) => ({ environment: {}, signal, progress: silent });
const repositoryFor = (signal?: AbortSignal): Repository => openRepository(name, around(signal));
const warnings = ({ told }: Machine): string[] => told.filter((line) => line.startsWith('warning'));
const machine = (of: string, options: Partial<MachineOptions> = {}): Promise<Machine> =>
  startMachine({ folder: join(folder, `${of}-${repositories}`), repository: repositoryFor(options.signal), content, ...options });
const runAll = async (one: Machine): Promise<void> => {
  for (const stage of builtStages) await one.run(stage);
};

it('moves facts alone where nobody needs bytes, and the layer below alone for a changed script', async () => {
  const [first, second] = [await machine('first'), await machine('second')];
  await runAll(first);
  proxy.taken();
  await runAll(second);
  const facts = proxy.taken();
  await second.run('configure', 'another-script');
  const layer = proxy.taken();
  expect([second.made, warnings(second)]).toEqual([['configure'], []]);
  expect(facts).toBeLessThan(1e5);
  // what it makes of it is the same here, so it is there already
  expect(layer).toBeGreaterThan(2.2 * 2 ** 20);
  expect(layer).toBeLessThan(2.4 * 2 ** 20);
});

it('is read by skopeo, and copied into an OCI layout', async () => {
  await (await machine('first')).run('configure', '7');
  const source = `docker://${name}:configure-7`;
  const { stdout } = await run(command('skopeo', ['inspect', '--raw', '--tls-verify=false', source]), { doing: 'inspecting' });
  expect(JSON.parse(stdout)).toMatchObject({ artifactType: 'application/vnd.nx-debian-image.result.v1', layers: [{}, {}] });
  const layout = join(folder, 'layout');
  const copying = ['--insecure-policy', 'copy', '--src-tls-verify=false', source, `oci:${layout}:web`];
  await run(command('skopeo', copying, { env: { TMPDIR: folder } }), { doing: 'copying' });
  expect(await readdir(join(layout, 'blobs/sha256'))).toHaveLength(4);
});

it('takes no harm from two machines that push the same at once', async () => {
  const [first, second, third] = [await machine('first'), await machine('second'), await machine('third')];
  const makers = [first, second].map((one) => one.build('1').make('install'));
  await Promise.all(makers);
  await Promise.all([first, second].map(async (one) => one.build('1').give('install', await one.build('1').artifact('install'))));
  await third.run('install', '1');
  expect(await third.text('install')).toBe(await first.text('install'));
  expect([first, second, third].flatMap(warnings)).toEqual([]);
  expect(third.made).toEqual([]);
});

it('leaves nothing half where a pull is ended', async () => {
  await (await machine('first')).run('install');
  const controller = new AbortController();
  const second = await machine('second', { signal: controller.signal });
  await second.run('install');
  const fetching = second.text('install');
  controller.abort();
  await expect(fetching).rejects.toMatchObject({ reason: 'cancelled' });
  expect(await readdir(join(second.store.folder, 'scratch'))).toEqual([]);
});

it('makes again what lies damaged in the registry, and others then get it right', async () => {
  await (await machine('first')).run('install');
  await damageLarge(folder);
  const [second, third] = [await machine('second'), await machine('third')];
  for (const one of [second, third]) {
    await one.run('install');
    expect(await one.text('install')).toContain(content.slice(0, 1000));
  }
  expect([second.made, third.made]).toEqual([['install'], []]);
  expect(warnings(second)[0]).toContain('fetching what install left');
});

it('builds by itself while the registry is gone', async () => {
  const other = await startRegistry(join(folder, 'gone'));
  await other.stop();
  const first = await machine('first', { repository: openRepository(`${other.host}/images`, around()) });
  await first.run('install');
  expect([first.made, warnings(first).length]).toEqual([['install'], 1]);
});

it('makes all by itself where a registry is read-only, with one warning', async () => {
  const readOnly = await startRegistry(join(folder, 'read-only'), { readOnly: true });
  try {
    const first = await machine('first', { repository: openRepository(`${readOnly.host}/images`, around()) });
    await first.run('install');
    expect([first.made, warnings(first).length]).toEqual([['install'], 1]);
  } finally {
    await readOnly.stop();
  }
});

it('exchanges by way of a registry that wants a login and has a certificate of its own', async () => {
  const secured = await startRegistry(join(folder, 'secured'), { auth: 'htpasswd', tls: true });
  try {
    const login = join(folder, 'auth.json');
    const auth = Buffer.from(`${testUser.name}:${testUser.password}`).toString('base64');
    await writeFile(login, JSON.stringify({ auths: { [secured.host]: { auth } } }));
    const environment = { DEBIAN_IMAGE_REGISTRY_CA: secured.ca, REGISTRY_AUTH_FILE: login };
    const open = (more: NodeJS.ProcessEnv): Repository => openRepository(`${secured.host}/images`, { ...around(), environment: more });
    const [first, second] = [
      await machine('first', { repository: open(environment) }),
      await machine('second', { repository: open(environment) }),
    ];
    const stranger = await machine('stranger', { repository: open({ DEBIAN_IMAGE_REGISTRY_CA: secured.ca }) });
    for (const one of [first, second, stranger]) await one.run('install');
    expect([first.made, second.made, stranger.made]).toEqual([['install'], [], ['install']]);
    expect([first, second, stranger].map((one) => warnings(one).length)).toEqual([0, 0, 1]);
  } finally {
    await secured.stop();
  }
});

it('has verify take the reports of another machine, and start none', async () => {
  const first = await machine('first');
  const build = first.build('55');
  const report = await first.store.putBytes('all is well\n', 'text/plain');
  const draft = { stage: 'verify', config: { checks: [] }, blobs: [{ name: 'report.txt', descriptor: report }] };
  await build.give('verify', await writeArtifact(build.folder('verify'), first.store, draft));
  const workspaceRoot = join(folder, 'workspace');
  await mkdir(join(workspaceRoot, 'web'), { recursive: true });
  await writeFile(join(workspaceRoot, 'web/image.json'), JSON.stringify({ release: 'bookworm' }));
  const environment = { DEBIAN_IMAGE_REGISTRY: name, NX_TASK_HASH: '55', DEBIAN_IMAGE_STORE: join(workspaceRoot, 'store') };
  const neighbours = { image: new Map(), profile: new Map() };
  await verifyImage({ ...around(), workspaceRoot, projectRoot: 'web', neighbours, options: {}, environment });
  expect(await readFile(join(workspaceRoot, 'dist/web/verify/report.txt'), 'utf8')).toBe('all is well\n');
});

/** Changes a byte of each large blob in a registry's storage. */
async function damageLarge(storage: string): Promise<void> {
  for (const path of (await readdir(storage, { recursive: true })).filter((file) => file.endsWith('/data'))) {
    const bytes = await readFile(join(storage, path));
    if (bytes.length < 1 << 20) continue;
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(join(storage, path), bytes);
  }
}
