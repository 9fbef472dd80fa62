import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CountingProxy, startCountingProxy } from '../packages/debian-image/src/exchange/testing/counting-proxy.ts';
import { startRegistry } from '../packages/registry/src/testing/registry.ts';
import { startGlance, startKeystone } from '../tools/openstack/servers.ts';
import { run } from './support/command.ts';
import { attemptNx, nxEnvironment } from './support/nx.ts';
import { copyRepository, repository } from './support/repository.ts';

// Two clones of one workspace as on two machines: with homes, stores and caches of Nx of their own, and a real registry between them.

const all = ['install', 'configure', 'convert', 'shrink', 'extract'];

interface Machine {
  /** The clone. */
  readonly folder: string;
  /** What a job of CI begins without: its home, the state of Nx, and what stages have left. */
  readonly state: readonly string[];
  readonly environment: Record<string, string>;
}

interface Ran {
  readonly stages: readonly string[];
  readonly output: string;
  /** To and from the registry. */
  readonly bytes: number;
}

let folder: string;
let registry: Awaited<ReturnType<typeof startRegistry>>;
let proxy: CountingProxy;
let writer: Machine;
let reader: Machine;
let trusted: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'teams-'));
  await mkdir(join(folder, 'registry'));
  registry = await startRegistry(join(folder, 'registry'));
  proxy = await startCountingProxy(registry.host);
  const key = join(folder, 'team.pem');
  trusted = (
    await run('node', [join(repository, 'packages/nx-debian-image/bin/nx-debian-image.mjs'), 'key', `--file=${key}`], { cwd: repository })
  ).trim();
  writer = await clone('writer', { DEBIAN_IMAGE_REGISTRY_WRITE: 'yes', DEBIAN_IMAGE_REGISTRY_KEY: key });
  reader = await clone('reader', {});
});
afterAll(async () => {
  await proxy.stop();
  await registry.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A clone in which stages leave a few bytes without doing any work. */
async function clone(name: string, environment: Record<string, string>): Promise<Machine> {
  const workspace = join(folder, name, `clone of ${name}`);
  await copyRepository(workspace);
  await rm(join(workspace, 'images'), { recursive: true, force: true });
  await cp(join(repository, 'e2e/fixtures/makers.ts'), join(workspace, 'packages/debian-image/src/pipeline/makers.ts'));
  await mkdir(join(workspace, 'images/web'), { recursive: true });
  await writeFile(
    join(workspace, 'images/web/image.json'),
    JSON.stringify({ release: 'bookworm', packages: ['vim'], scripts: ['motd.sh'] }),
  );
  await writeFile(join(workspace, 'images/web/motd.sh'), '#!/bin/sh\n', { mode: 0o755 });
  const options = { registry: { repository: `${proxy.host}/team/images`, trust: [trusted] } };
  const before = JSON.parse(await readFile(join(workspace, 'nx.json'), 'utf8'));
  await writeFile(join(workspace, 'nx.json'), JSON.stringify({ ...before, plugins: [{ plugin: 'nx-debian-image/plugin', options }] }));
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: workspace });
  const [home, nx] = [join(folder, name, 'home'), join(folder, name, 'nx')];
  const own = { ...nxEnvironment(nx), HOME: home, DEBIAN_IMAGE_STORE: join(home, 'store'), ...environment };
  return { folder: workspace, state: [home, nx, join(workspace, 'dist')], environment: own };
}

/** Asks a machine for a target, which must be done well. */
async function runOn(machine: Machine, target: string, env: Record<string, string> = {}): Promise<Ran> {
  const ran = join(folder, 'ran');
  await writeFile(ran, '');
  proxy.taken();
  const { status, output, errors } = await attemptNx(machine.folder, ['run', `web:${target}`], {
    ...machine.environment,
    RAN: ran,
    ...env,
  });
  if (status !== 0) throw new Error(output + errors);
  const stages = (await readFile(ran, 'utf8')).split('\n').filter((line) => line !== '');
  return { stages: stages.map((line) => line.replace('web:', '')), output, bytes: proxy.taken() };
}

async function makeFresh({ state }: Machine): Promise<void> {
  for (const path of state) await rm(path, { recursive: true, force: true });
}

const warningsIn = ({ output }: Ran): string[] => output.split('\n').filter((line) => line.startsWith('warning: '));

it('builds on one machine what no other machine builds again, and moves no bytes of an image that is published already', async () => {
  const first = await runOn(writer, 'upload');
  expect([first.stages, warningsIn(first)]).toEqual([all, []]);
  await cp(join(writer.folder, 'catalog'), join(reader.folder, 'catalog'), { recursive: true, verbatimSymlinks: true });
  const second = await runOn(reader, 'upload');
  expect([second.stages, warningsIn(second)]).toEqual([[], []]);
  expect(second.bytes).toBeLessThan(100_000);
  for (const stage of all) {
    const manifest = (machine: Machine): Promise<string> => readFile(join(machine.folder, 'dist/web', stage, 'manifest.json'), 'utf8');
    expect(await manifest(reader)).toBe(await manifest(writer));
  }
});

it('publishes what a machine has none of the bytes of', async () => {
  await rm(join(reader.folder, 'catalog'), { recursive: true });
  const { stages, bytes } = await runOn(reader, 'upload');
  expect(stages).toEqual([]);
  expect(bytes).toBeGreaterThan(2 << 20);
  expect(bytes).toBeLessThan(2.2 * 2 ** 20);
  expect((await readdir(join(reader.folder, 'catalog/web'))).length).toBe(2);
});

it('moves no bytes of an image that a real Glance has already', async () => {
  for (const name of ['keystone', 'glance']) await mkdir(join(folder, name));
  const keystone = await startKeystone({ folder: join(folder, 'keystone') });
  try {
    const glance = await startGlance({ folder: join(folder, 'glance'), keystone });
    const cloud = { OS_CLIENT_CONFIG_FILE: keystone.cloudsYaml, OS_CLOUD: 'demo' };
    try {
      expect((await runOn(writer, 'upload:glance', cloud)).output).toContain('upload root web');
      await makeFresh(reader);
      const { stages, bytes, output } = await runOn(reader, 'upload:glance', cloud);
      expect(stages).toEqual([]);
      expect(output).not.toContain('upload root web');
      expect(bytes).toBeLessThan(100_000);
    } finally {
      await glance.stop();
    }
  } finally {
    await keystone.stop();
  }
});

it('fetches the layer of install for a changed script, and nothing else', async () => {
  await makeFresh(reader);
  await appendFile(join(reader.folder, 'images/web/motd.sh'), 'echo welcome\n');
  const { stages, bytes } = await runOn(reader, 'extract');
  expect(stages).toEqual(all.slice(1));
  expect(bytes).toBeGreaterThan(2 << 20);
  expect(bytes).toBeLessThan(2.2 * 2 ** 20);
});

it('refuses what is not signed by a trusted key, and says so', async () => {
  await appendFile(join(writer.folder, 'images/web/motd.sh'), 'echo hello\n');
  await runOn(writer, 'configure');
  const forged = await forge('configure');
  await cp(join(writer.folder, 'images'), join(reader.folder, 'images'), { recursive: true });
  await makeFresh(reader);
  const refused = await runOn(reader, 'configure');
  expect(refused.stages).toEqual(['configure']);
  expect(warningsIn(refused).join('\n')).toContain('its signature is wrong');
  expect(forged.filter((tag) => refused.output.includes(`at: ${proxy.host}/team/images:${tag}`))).toHaveLength(1);
});

it('builds all the same while the registry is gone, with one warning for each task', async () => {
  await proxy.stop();
  await appendFile(join(writer.folder, 'images/web/motd.sh'), 'echo alone\n');
  const alone = await runOn(writer, 'extract');
  expect(alone.stages).toEqual(all.slice(1));
  expect(warningsIn(alone)).toHaveLength(4);
  expect(alone.output).not.toContain('PRIVATE KEY');
});

/** Changes what the results of a stage say of themselves, and leaves their signatures; gives their tags. */
async function forge(stage: string): Promise<string[]> {
  const base = `http://${registry.host}/v2/team/images`;
  const { tags } = (await (await fetch(`${base}/tags/list`)).json()) as { tags: string[] };
  const own = tags.filter((tag) => tag.startsWith(`${stage}-`));
  const type = 'application/vnd.oci.image.manifest.v1+json';
  for (const tag of own) {
    const manifest = (await (await fetch(`${base}/manifests/${tag}`, { headers: { accept: type } })).json()) as { layers: unknown[] };
    const body = JSON.stringify({ ...manifest, layers: manifest.layers.toReversed() });
    const { status } = await fetch(`${base}/manifests/${tag}`, { method: 'PUT', body, headers: { 'content-type': type } });
    expect(status).toBe(201);
  }
  return own;
}
