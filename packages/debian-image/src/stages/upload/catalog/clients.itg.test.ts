import { createHash } from 'node:crypto';
import { appendFile, chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silent } from '@nx-debian-image/report';
import { beforeAll, expect, it } from 'vitest';
import { command, run } from '../../../host/index.ts';
import type { ItemSource } from './product.ts';
import { publish } from './publish.ts';
import { rollback } from './rollback.ts';
import { temporaryFolder } from './testing/folders.ts';
import { item, product, triplet } from './testing/samples.ts';
import { serve } from './testing/web.ts';

let folder: string;
let catalog: string;
let lxc: (...args: string[]) => Promise<string>;

const bytes = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const combined = (meta: string, disk: string): string => createHash('sha256').update(meta).update(disk).digest('hex');

/** What the LXD client takes for a virtual machine: metadata and a disk, whose combined hash is the image's fingerprint. */
async function machine(content: string): Promise<ItemSource[]> {
  const [meta, disk] = [`metadata ${content}`, `disk ${content}`];
  const contents = { 'lxd.tar.xz': meta, 'disk-kvm.img': disk };
  const sources: ItemSource[] = [];
  for (const [name, text] of Object.entries(contents)) {
    const path = join(folder, `${name}-${content}`);
    await writeFile(path, text);
    const fields = name === 'lxd.tar.xz' ? { fields: { 'combined_disk-kvm-img_sha256': combined(meta, disk) } } : {};
    sources.push({ ...item(name, text), ...fields, blobPath: () => Promise.resolve(path) });
  }
  return sources;
}

beforeAll(async () => {
  folder = await temporaryFolder();
  catalog = join(folder, 'catalog');
  const options = { catalog, keep: 3, progress: silent };
  await publish({ ...options, product: product(), version: '20261122', items: await triplet(folder, 'one') });
  for (const version of ['20261121', '20261122.1']) {
    await publish({
      ...options,
      product: product('machine'),
      version,
      items: [...(await triplet(folder, version)), ...(await machine(version))],
    });
  }
  const settings = join(folder, 'lxd');
  await mkdir(settings);
  const { url, certificate } = await serve(catalog, folder);
  const env = { LXD_CONF: settings, SSL_CERT_FILE: certificate, no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' };
  lxc = async (...args) => (await run(command('lxc', args, { env }), { doing: 'asking lxc', timeoutSeconds: 60 })).stdout;
  await lxc('remote', 'add', 'catalog', url, '--protocol', 'simplestreams');
});

it('has sums that sha256sum agrees with, and that find a changed file', async () => {
  const latest = join(catalog, 'squeeze-amd64/latest');
  const check = command('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: latest });
  const { stdout } = await run(check, { doing: 'checking' });
  expect(stdout.trimEnd().split('\n')).toEqual([
    'squeeze-amd64-20261122.initrd: OK',
    'squeeze-amd64-20261122.root.ext4: OK',
    'squeeze-amd64-20261122.vmlinuz: OK',
  ]);
  const file = join(latest, 'squeeze-amd64-20261122.initrd');
  await rename(file, `${file}.right`);
  await writeFile(file, 'evil');
  await expect(run(check, { doing: 'checking' })).rejects.toMatchObject({ reason: 'command-failed' });
  await rename(`${file}.right`, file);
});

it('is listed by the LXD client: what it can start, but no bare triplet', async () => {
  const images = JSON.parse(await lxc('image', 'list', 'catalog:', '--format', 'json')) as Record<string, unknown>[];
  expect(images.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(
    ['20261121', '20261122.1'].map((version) => combined(`metadata ${version}`, `disk ${version}`)).toSorted(),
  );
  expect(images.find(({ aliases }) => (aliases as unknown[]).length > 0)).toMatchObject({
    aliases: [{ name: 'machine' }, { name: 'machine/amd64' }],
    architecture: 'x86_64',
    type: 'virtual-machine',
    properties: { os: 'Debian', release: 'squeeze', version: '6.0', serial: '20261122.1' },
  });
});

it('is downloaded and verified by the LXD client, which refuses changed bytes', async () => {
  const target = join(folder, 'exported');
  await mkdir(target);
  await lxc('image', 'export', 'catalog:machine', `${target}/`);
  expect((await readdir(target)).toSorted()).toEqual(['machine-20261122.1.disk-kvm.img', 'machine-20261122.1.lxd.tar.xz']);
  const disk = 'machine-20261122.1.disk-kvm.img';
  const published = join(catalog, 'machine/20261122.1', disk);
  expect(await bytes(join(target, disk))).toBe(await bytes(published));
  const right = await readFile(published, 'utf8');
  await chmod(published, 0o644);
  await writeFile(published, right.toUpperCase());
  await expect(lxc('image', 'export', 'catalog:machine', `${target}/`)).rejects.toMatchObject({
    said: expect.stringContaining('Hash mismatch') as string,
  });
  await writeFile(published, right);
});

it('gives the LXD client the version that was rolled back to', async () => {
  await rollback({ catalog, image: 'machine', progress: silent });
  expect(await lxc('image', 'info', 'catalog:machine')).toContain('serial: 20261121\n');
});

it('copies from another file system, with a meter', async () => {
  const path = `/dev/shm/catalog-${process.pid}`;
  await writeFile(path, 'vmlinuz far');
  expect((await stat(path)).dev).not.toBe((await stat(folder)).dev);
  const metered: number[] = [];
  const progress = { ...silent, meter: () => ({ add: (count: number) => void metered.push(count), done() {} }) };
  const items = [{ ...item('vmlinuz', 'vmlinuz far'), blobPath: () => Promise.resolve(path) }];
  const { folder: published } = await publish({ catalog, keep: 1, product: product('far'), version: '20261122', items, progress });
  await appendFile(path, 'changed');
  await rm(path);
  const copy = join(published, 'far-20261122.vmlinuz');
  expect(await readFile(copy, 'utf8')).toBe('vmlinuz far');
  expect((await stat(copy)).mode & 0o777).toBe(0o444);
  expect(metered).toEqual([11]);
});
