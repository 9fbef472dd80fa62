import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGlance, startKeystone } from '../tools/openstack/servers.ts';
import { run } from './support/command.ts';
import { type ImageWorkspace, imageWorkspace } from './support/image-workspace.ts';

// images/bookworm-amd64 into a real Glance that asks a real Keystone, read back with the client that its users have.

let folder: string;
let workspace: ImageWorkspace;
let keystone: Awaited<ReturnType<typeof startKeystone>>;
let glance: Awaited<ReturnType<typeof startGlance>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glance-'));
  for (const name of ['keystone', 'glance']) await mkdir(join(folder, name));
  keystone = await startKeystone({ folder: join(folder, 'keystone') });
  glance = await startGlance({ folder: join(folder, 'glance'), keystone });
  workspace = await imageWorkspace();
});
afterAll(async () => {
  await glance.stop();
  await keystone.stop();
  await workspace.dispose();
  await rm(folder, { recursive: true });
});

const uploadOf = (image: string, ...options: string[]): Promise<string> =>
  workspace.nx(['run', `${image}:upload:glance`, '--os-cloud=demo', ...options], { OS_CLIENT_CONFIG_FILE: keystone.cloudsYaml });
const upload = (...options: string[]): Promise<string> => uploadOf('bookworm-amd64', ...options);

/** Asks with the system's own Python, whose packages the client is. */
async function openstack(...args: string[]) {
  const env = { OS_CLIENT_CONFIG_FILE: keystone.cloudsYaml, OS_CLOUD: 'demo' };
  return JSON.parse(await run('/usr/bin/python3', ['/usr/bin/openstack', ...args, '-f', 'json'], { cwd: folder, env }));
}

it('says what it would do, and does nothing', async () => {
  expect(await upload('--dryRun')).toContain('would');
  expect(await openstack('image', 'list')).toEqual([]);
});

it('brings kernel, ramdisk and root, linked by their ids', async () => {
  await upload();
  const root = await openstack('image', 'show', 'bookworm-amd64');
  expect(root).toMatchObject({ status: 'active', disk_format: 'ami', container_format: 'ami', visibility: 'private', min_disk: 1 });
  expect(root.properties).toMatchObject({ architecture: 'x86_64', os_distro: 'debian', os_version: '12', hw_disk_bus: 'virtio' });
  const kernel = await openstack('image', 'show', root.properties.kernel_id);
  const ramdisk = await openstack('image', 'show', root.properties.ramdisk_id);
  expect([kernel.disk_format, ramdisk.disk_format]).toEqual(['aki', 'ari']);
  const saved = join(folder, 'kernel');
  await run('/usr/bin/python3', ['/usr/bin/openstack', 'image', 'save', '--file', saved, kernel.id], {
    cwd: folder,
    env: { OS_CLIENT_CONFIG_FILE: keystone.cloudsYaml, OS_CLOUD: 'demo' },
  });
  await run('cmp', [saved, workspace.path('dist/bookworm-amd64/extract/vmlinuz')], { cwd: folder });
});

it('does nothing where the same bytes are there', async () => {
  const before = await openstack('image', 'list', '--long');
  await upload();
  expect(await openstack('image', 'list', '--long')).toEqual(before);
});

it('brings a disk that boots by itself beside its triplet, whose kernel and ramdisk the cloud has already', async () => {
  const said = await uploadOf('bookworm-amd64-bare');
  expect(said).not.toContain('upload kernel');
  const disk = await openstack('image', 'show', 'bookworm-amd64-bare-bare');
  expect(disk).toMatchObject({ status: 'active', disk_format: 'qcow2', container_format: 'bare', min_disk: 1 });
  expect(disk.virtual_size % 2 ** 20).toBe(0);
  expect(disk.properties).toMatchObject({ architecture: 'x86_64', hw_disk_bus: 'virtio', hw_vif_model: 'virtio' });
  expect(disk.properties).not.toHaveProperty('kernel_id');
  const triplet = await openstack('image', 'show', 'bookworm-amd64-bare');
  const other = await openstack('image', 'show', 'bookworm-amd64');
  expect(triplet.properties.kernel_id).toBe(other.properties.kernel_id);
  expect(triplet.checksum).toBe(other.checksum);
});
