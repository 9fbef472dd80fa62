import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository, type Repository } from '@nx-debian-image/registry';
import { silent } from '@nx-debian-image/report';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startRegistry } from '@nx-debian-image/registry/testing';
import { command, run } from '../host/index.ts';
import { builtStages } from '../pipeline/build.ts';
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

const repositoryFor = (signal = new AbortController().signal): Repository =>
  openRepository(name, { environment: {}, signal, progress: silent });
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
  expect([second.made, second.told.filter((line) => line.startsWith('warning'))]).toEqual([['configure'], []]);
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
  expect([first, second, third].flatMap(({ told }) => told.filter((line) => line.startsWith('warning')))).toEqual([]);
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
  expect(second.told.find((line) => line.startsWith('warning'))).toContain('fetching what install left');
});

it('builds by itself while the registry is gone', async () => {
  const own = join(folder, 'own');
  await run(command('mkdir', [own]), { doing: 'making a folder' });
  const other = await startRegistry(own);
  const away = openRepository(`${other.host}/images`, { environment: {}, signal: new AbortController().signal, progress: silent });
  await other.stop();
  const first = await machine('first', { repository: away });
  await first.run('install');
  expect([first.made, first.told.filter((line) => line.startsWith('warning')).length]).toEqual([['install'], 1]);
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
