import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type ImageService, loadCloud, type Product, publish, rollback } from '../index.ts';
import { type Glance, startGlance } from '../testing/glance.ts';
import { openstack } from '../testing/openstack-client.ts';
import { partOfFile, partOfText, productOf } from '../testing/product.ts';

let folder: string;
let glance: Glance;
let service: ImageService;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glance-'));
  glance = await start('main');
  service = await logIn(glance);
});
afterAll(async () => {
  await glance.stop();
  await rm(folder, { recursive: true });
});

async function start(name: string, more: { port?: number; extra?: string } = {}): Promise<Glance> {
  await mkdir(join(folder, name), { recursive: true });
  return startGlance({ folder: join(folder, name), ...more });
}
const logIn = async ({ cloudsYaml }: Glance): Promise<ImageService> =>
  connect(await loadCloud({ env: { OS_CLIENT_CONFIG_FILE: cloudsYaml }, cwd: folder, home: folder }));
const client = (...args: string[]) => openstack(glance.cloudsYaml, 'noauth', 'image', ...args, '-f', 'json');

it('publishes what the openstack client then finds', async () => {
  const more = { common: { ...productOf(folder, '1').common, tags: ['debian', 'ci'], minDisk: 2, minRam: 512 } };
  const { ids } = await publish(service, productOf(folder, '1', [], more));
  expect(await client('list')).toMatchObject([{ ID: ids.root, Name: 'bookworm', Status: 'active' }]);
  expect(await client('show', 'bookworm')).toMatchObject({
    id: ids.root,
    disk_format: 'ami',
    container_format: 'ami',
    min_disk: 2,
    min_ram: 512,
    tags: expect.arrayContaining(['ci', 'debian']),
    checksum: productOf(folder, '1').root.md5,
    properties: { kernel_id: ids.kernel, ramdisk_id: ids.ramdisk, os_distro: 'debian', os_hash_value: productOf(folder, '1').root.sha512 },
  });
  expect(await client('show', ids.kernel!)).toMatchObject({ name: 'vmlinuz', disk_format: 'aki', container_format: 'aki' });
  expect(await publish(service, productOf(folder, '1', [], more))).toMatchObject({ changed: false, uploadedBytes: 0 });
});

it('replaces, hides, prunes and rolls back', async () => {
  for (const version of ['2', '3']) await publish(service, productOf(folder, version));
  const hidden = async (): Promise<string[]> =>
    ((await client('list', '--hidden')) as { Name: string }[]).map(({ Name }) => Name).toSorted();
  expect(await hidden()).toEqual(['bookworm-2', 'initrd', 'initrd', 'vmlinuz']);
  expect(await client('list')).toHaveLength(1);
  await rollback(service, 'bookworm');
  expect(await client('show', 'bookworm')).toMatchObject({ properties: { nx_debian_image_version: '2' } });
  expect(await hidden()).toEqual(['bookworm-3', 'initrd', 'initrd', 'vmlinuz']);
});

it('publishes a raw root, protected, and takes away a property again', async () => {
  const product = productOf(folder, '1', [], { name: 'raw', rootFormat: 'raw', keep: 1 });
  const common = { ...product.common, protected: true, properties: { os_distro: 'debian', hw_rng_model: 'virtio' } };
  await publish(service, { ...product, common });
  expect(await client('show', 'raw')).toMatchObject({
    disk_format: 'raw',
    container_format: 'bare',
    protected: true,
    properties: { hw_rng_model: 'virtio' },
  });
  const { changed, uploadedBytes } = await publish(service, product);
  expect({ changed, uploadedBytes }).toEqual({ changed: true, uploadedBytes: 0 });
  const { properties } = (await client('show', 'raw')) as { properties: object };
  expect(properties).not.toHaveProperty('hw_rng_model');
});

it.each([
  ['qcow2', 'qcow2', [], 3 << 20],
  ['vmdk', 'vmdk', ['-o', 'subformat=streamOptimized'], 3 << 20],
  // a fixed one is what it is by its end, to which Glance does not look
  ['vhd', 'vpc', ['-o', 'subformat=fixed,force_size=on'], undefined],
] as const)('publishes a disk that boots by itself as %s, which Glance looks into and takes', async (rootFormat, format, options, seen) => {
  const raw = join(folder, 'disk.raw');
  await writeFile(raw, rootFormat);
  await truncate(raw, 3 << 20);
  const path = join(folder, `disk.${rootFormat}`);
  await promisify(execFile)('qemu-img', ['convert', '-f', 'raw', '-O', format, ...options, raw, path]);
  const { kernel: _kernel, ramdisk: _ramdisk, ...product } = productOf(folder, '1', [], { name: `bare-${rootFormat}`, rootFormat });
  const properties = { os_distro: 'debian', hw_firmware_type: 'uefi' };
  const bare: Product = { ...product, root: await partOfFile(path), common: { ...product.common, minDisk: 2, properties } };
  const { ids } = await publish(service, bare);
  expect(await client('show', ids.root!)).toMatchObject({
    status: 'active',
    disk_format: rootFormat,
    container_format: 'bare',
    min_disk: 2,
    // by its own reading of the format
    ...(seen === undefined ? {} : { virtual_size: seen }),
    properties: { hw_firmware_type: 'uefi' },
  });
  expect(await publish(service, bare)).toMatchObject({ changed: false, uploadedBytes: 0 });
});

it('shows a disk in place of a triplet of the same name, and takes the links away', async () => {
  await publish(service, productOf(folder, '1', [], { name: 'moved', keep: 1 }));
  const { kernel: _kernel, ramdisk: _ramdisk, ...disk } = productOf(folder, '2', [], { name: 'moved', keep: 1, rootFormat: 'raw' });
  const { ids } = await publish(service, disk);
  const shown = (await client('show', 'moved')) as { id: string; properties: object };
  expect(shown.id).toBe(ids.root);
  expect(shown.properties).not.toHaveProperty('kernel_id');
});

it('says in the words of Glance that an image is too large', async () => {
  const small = await start('small', { extra: '[DEFAULT]\nimage_size_cap = 100000' });
  try {
    const cramped = await logIn(small);
    const product = { ...productOf(folder, '1'), root: partOfText(folder, 'root', 'x'.repeat(5_000_000)) };
    await expect(publish(cramped, product)).rejects.toMatchObject({
      reason: 'over-quota',
      said: expect.stringMatching(/exceed|too large|size/i),
    });
  } finally {
    await small.stop();
  }
});

const megabytes = 300;
const program = fileURLToPath(new URL('../testing/publish-child.ts', import.meta.url));
const loader = ['--conditions=@nx-debian-image/source', '--import', '@swc-node/register/esm-register'];

/** Starts a run of its own that uploads a sparse file of 300 MB. */
async function startRun(version: string): Promise<ChildProcess> {
  const file = join(folder, `large-${version}`);
  await writeFile(file, version);
  await truncate(file, megabytes * 1_000_000);
  return spawn(process.execPath, [...loader, program, glance.cloudsYaml, 'noauth', version, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
const finish = async (run: ChildProcess): Promise<{ changed: boolean; grown: number }> =>
  JSON.parse(await text(run.stdout!)) as { changed: boolean; grown: number };

async function until(status: string): Promise<void> {
  for (;;) {
    const images = await service.list({ nx_debian_image_product: 'large' });
    if (images.some((image) => image.status === status)) return;
    await wait(5);
  }
}

it('uploads any size in little memory, and goes on after kill -9 of itself', async () => {
  const killed = await startRun('a');
  await until('saving');
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect((await service.list({ nx_debian_image_product: 'large' })).map(({ status }) => status)).not.toContain('active');
  const { changed, grown } = await finish(await startRun('a'));
  expect(changed).toBe(true);
  // All of it with node itself (50 MB, without the loader of TypeScript) stays below 150 MB.
  expect(grown / 1_000_000).toBeLessThan(60);
  expect(await service.list({ nx_debian_image_product: 'large' })).toMatchObject([
    { status: 'active', name: 'large', size: megabytes * 1_000_000 },
  ]);
});

it('deletes what a killed Glance left in saving', async () => {
  const run = await startRun('b');
  await until('saving');
  await glance.stop('SIGKILL');
  run.kill('SIGKILL');
  await once(run, 'exit');
  glance = await start('main', { port: glance.port });
  await until('saving');
  const product = { ...productOf(folder, 'c', [], { name: 'large', keep: 1 }) };
  const { actions } = await publish(service, product, { staleAfterSeconds: 1 });
  expect(actions[0]).toMatch(/^delete "large-b" .* stuck in "saving"/);
  expect((await service.list({ nx_debian_image_product: 'large', nx_debian_image_part: 'root' })).map(({ name }) => name)).toEqual([
    'large',
  ]);
});
