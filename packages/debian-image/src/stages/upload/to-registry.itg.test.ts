import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@nx-debian-image/artifact-store';
import { startRegistry } from '@nx-debian-image/registry/testing';
import { silent } from '@nx-debian-image/report';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { command, run } from '../../host/index.ts';
import { imageSchema, resolveImage } from '../../image/index.ts';
import type { ExtractedFile } from '../extract/facts.ts';
import type { UploadOptions, UploadRequest } from './request.ts';
import { uploadToRegistry } from './to-registry.ts';

const bytes = Buffer.alloc(3000, 'a disk ');
const disk: ExtractedFile = { name: 'disk.qcow2', size: bytes.length, sha256: digestOf(bytes).slice(7), sha512: '', md5: '' };
const version = `20231114-${disk.sha256.slice(0, 8)}`;
let folder: string;
let host: string;
let asked: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'to-registry-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const registry = await startRegistry(join(folder, 'registry'));
  onTestFinished(() => registry.stop());
  host = registry.host;
  asked = [];
  await writeFile(join(folder, disk.name), bytes);
});

function request(options: UploadOptions = {}, description = 'Web servers'): UploadRequest {
  const upload = { registry: { repository: `${host}/team/web` } };
  const source = { release: 'bookworm', arch: 'arm64', description, disk: { bare: ['qcow2'] }, upload };
  return {
    image: resolveImage(imageSchema.parse(source), '/images/web', 'web'),
    workspaceRoot: '/',
    options,
    facts: {
      release: 'bookworm',
      architecture: 'arm64',
      kernelVersion: '6.1',
      root: { uuid: '', label: 'root' },
      files: { kernel: disk, ramdisk: disk, root: disk },
      bare: { virtualSize: 1, firmware: ['uefi'], forms: { qcow2: disk } },
    },
    epoch: 1_700_000_000,
    part: async ({ name }) => {
      asked.push(name);
      return join(folder, name);
    },
    scratch: async () => {
      const scratch = join(folder, 'scratch');
      await mkdir(scratch);
      return { folder: scratch, dispose: () => rm(scratch, { recursive: true }) };
    },
    progress: silent,
    signal: new AbortController().signal,
    environment: {},
  };
}

const skopeo = async (...args: string[]): Promise<string> =>
  (await run(command('skopeo', args, { env: { HOME: folder } }), { doing: 'reading the registry' })).stdout;
const inspect = async (tag: string): Promise<Record<string, unknown>> =>
  JSON.parse(await skopeo('inspect', '--tls-verify=false', `docker://${host}/team/web:${tag}`)) as Record<string, unknown>;

it('publishes an image that KubeVirt starts, and the disk itself', async () => {
  const receipts = await uploadToRegistry(request());
  expect(receipts).toMatchObject([
    { to: 'registry', repository: `${host}/team/web`, form: 'containerDisk', tag: version, changed: true },
    { form: 'disk', tag: `${version}-disk`, changed: true },
  ]);
  const tags = ['latest', 'latest-disk', version, `${version}-disk`];
  const [image] = await Promise.all([inspect('latest'), inspect(version)]);
  expect(image).toMatchObject({ Os: 'linux', Architecture: 'arm64', Digest: receipts[0]!['digest'], Created: '2023-11-14T22:13:20Z' });
  expect((image!['RepoTags'] as string[]).toSorted()).toEqual(tags.toSorted());
  const copied = join(folder, 'copied');
  await skopeo('copy', '--quiet', '--src-tls-verify=false', `docker://${host}/team/web:latest`, `dir:${copied}`);
  const layer = join(copied, (image!['Layers'] as string[])[0]!.slice('sha256:'.length));
  const listed = await run(command('tar', ['--list', '--verbose', '--numeric-owner', '--file', layer]), { doing: 'listing' });
  expect(
    listed.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)),
  ).toEqual([
    ['dr-xr-xr-x', '107/107', '0', '2023-11-14', '22:13', 'disk/'],
    ['-r--r-----', '107/107', '3000', '2023-11-14', '22:13', 'disk/disk.qcow2'],
  ]);
  const unpacked = await run(command('tar', ['--extract', '--to-stdout', '--file', layer, 'disk/disk.qcow2']), { doing: 'unpacking' });
  expect(unpacked.stdout).toBe(bytes.toString());
  const artifact = JSON.parse(await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${host}/team/web:latest-disk`)) as object;
  expect(artifact).toMatchObject({
    artifactType: 'application/vnd.nx-debian-image.disk.v1',
    layers: [{ digest: digestOf(bytes), size: 3000, annotations: { 'org.opencontainers.image.title': 'disk.qcow2' } }],
    annotations: { 'org.opencontainers.image.version': version, 'org.opencontainers.image.description': 'Web servers' },
  });
});

it('does nothing where the same is there, asks for no bytes, and mends what is not', async () => {
  const first = await uploadToRegistry(request());
  asked = [];
  expect(await uploadToRegistry(request())).toEqual(first.map((receipt) => ({ ...receipt, changed: false })));
  expect(asked).toEqual([]);
  await skopeo(
    'copy',
    '--quiet',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
    ...['latest', 'other'].map((tag) => `docker://${host}/team/web:${tag}`),
  );
  expect(await uploadToRegistry(request({}, 'Other words'))).toMatchObject([{ changed: true }, { changed: true }]);
  expect((await inspect('other'))['Digest']).toBe(first[0]!['digest']);
  expect((await inspect('latest'))['Digest']).not.toBe(first[0]!['digest']);
  await rm(join(folder, 'registry/storage/docker/registry/v2/repositories/team/web/_layers/sha256', disk.sha256), { recursive: true });
  asked = [];
  expect(await uploadToRegistry(request({}, 'Other words'))).toMatchObject([{ changed: false }, { changed: true }]);
  expect(asked).toEqual(['disk.qcow2']);
});

it('only says what it would do, and knows no version before', async () => {
  expect(await uploadToRegistry(request({ dryRun: true }))).toMatchObject([
    { changed: true, dryRun: true },
    { changed: true, dryRun: true },
  ]);
  expect(asked).toEqual([]);
  await expect(inspect('latest')).rejects.toMatchObject({ said: expect.stringContaining('unknown') });
  await expect(uploadToRegistry(request({ rollback: true }))).rejects.toMatchObject({
    reason: 'invalid',
    hint: expect.stringContaining('skopeo copy'),
  });
});
