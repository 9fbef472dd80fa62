import { chmod, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { type ArtifactDraft, type Descriptor, Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { releaseOf } from '../../debian/releases.ts';
import { type DiskConfig, makeRootDisk, type RootDisk } from '../../disk/root-disk.ts';
import { debianLayers, kernel, kernelVersion, ramdisk } from '../../disk/testing/debian.ts';
import { withFolder } from '../../disk/testing/tar.ts';
import { testTools } from '../../disk/testing/tools.ts';
import { command, run } from '../../host/index.ts';
import type { BareWish } from './bare.ts';
import type { ExtractConfig } from './facts.ts';
import { extract } from './run.ts';

interface Made extends RootDisk {
  readonly store: Store;
  extract(bare?: BareWish): Promise<ArtifactDraft>;
}

/** A disk of the small Debian, without some of its files. */
const withDisk = (use: (made: Made) => Promise<void>, without?: RegExp): Promise<void> =>
  withFolder(async (folder) => {
    const store = await Store.open(join(folder, 'store'));
    const context = { tools: testTools(), store, progress: silent };
    const source = { table: 'gpt' as const, slack: undefined, ext4: releaseOf('bookworm').ext4, epoch: 1 };
    const { config, disk } = await makeRootDisk({ layers: await debianLayers(store, folder, without), ...source }, 0, context);
    await use({ config, disk, store, extract: (bare) => extract({ disk, release: 'bookworm', architecture: 'amd64', ...context, bare }) });
  });

const facts = (name: string, bytes: Buffer): ExtractConfig['files']['kernel'] => {
  const hash = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  return { name, size: bytes.length, sha256: hash('sha256'), sha512: hash('sha512'), md5: hash('md5') };
};

it('takes out the newest kernel, its RAM disk and the root, with all digests', () =>
  withDisk(async ({ config, disk, store, extract: extracted }) => {
    const draft = await extracted();
    const { start, size } = config.partitions[0]!;
    const root = (await readFile(store.blobPath(disk.digest))).subarray(start, start + size);
    expect(draft.config).toEqual({
      release: 'bookworm',
      architecture: 'amd64',
      kernelVersion,
      root: { uuid: config.root.uuid, label: 'root' },
      files: { kernel: facts('vmlinuz', kernel), ramdisk: facts('initrd', ramdisk), root: facts('root.ext4', root) },
    });
    const blob = (name: string): Descriptor => draft.blobs.find((candidate) => candidate.name === name)!.descriptor;
    expect((await readFile(store.blobPath(blob('vmlinuz').digest))).equals(kernel)).toBe(true);
    expect((await readFile(store.blobPath(blob('initrd').digest))).equals(ramdisk)).toBe(true);
    expect((await readFile(store.blobPath(blob('root.ext4').digest))).equals(root)).toBe(true);
  }));

it('packs the disk too where that boots by itself, and leaves the triplet as it is', () =>
  withDisk(async ({ disk, store, extract: extracted }) => {
    const alone = await extracted();
    const draft = await extracted({ forms: ['qcow2', 'uec'], firmware: ['bios', 'uefi'] });
    expect(draft.blobs.slice(0, 3)).toEqual(alone.blobs);
    expect(draft.blobs.slice(3).map(({ name }) => name)).toEqual(['disk.qcow2', 'uec.tar.gz']);
    const [qcow2, uec] = await Promise.all(draft.blobs.slice(3).map(({ descriptor }) => readFile(store.blobPath(descriptor.digest))));
    expect(draft.config).toEqual({
      ...(alone.config as ExtractConfig),
      bare: {
        virtualSize: disk.size,
        firmware: ['bios', 'uefi'],
        forms: { qcow2: facts('disk.qcow2', qcow2!), uec: facts('uec.tar.gz', uec!) },
      },
    });
    const { stdout } = await run(command('tar', ['--list', '--gzip', '--file', store.blobPath(draft.blobs[4]!.descriptor.digest)]), {
      doing: 'listing',
    });
    expect(stdout).toBe('debian-bookworm-amd64-vmlinuz\ndebian-bookworm-amd64-initrd\ndebian-bookworm-amd64.img\n');
  }));

it.each([
  ['there is no kernel in /boot', /vmlinuz/],
  ['there is no initial RAM disk /boot/initrd.img-6.1.0-10-cloud-amd64', /initrd/],
  ['there is no kernel in /boot', /boot/],
])('says that %s (without %s)', (message, without) =>
  withDisk(async ({ extract: extracted }) => {
    await expect(extracted()).rejects.toThrow(
      expect.objectContaining({ name: 'Failure', message: expect.stringContaining(message) as string }) as Error,
    );
  }, without),
);

it('says what e2fsck says of a damaged root', () =>
  withDisk(async ({ config, disk, store, extract: extracted }) => {
    await damage(store.blobPath(disk.digest), config);
    await expect(extracted()).rejects.toThrow(
      expect.objectContaining({
        reason: 'command-failed',
        message: expect.stringContaining('checking the root file system') as string,
        said: expect.stringMatching(/bitmap/i) as string,
      }) as Error,
    );
  }));

/** Turns a bit in the block bitmap of the first group, whose place is in the group descriptor in block 1. */
async function damage(path: string, { partitions, root }: DiskConfig): Promise<void> {
  await chmod(path, 0o644);
  const file = await open(path, 'r+');
  const { start } = partitions[0]!;
  const descriptor = Buffer.alloc(4);
  await file.read(descriptor, 0, 4, start + root.blockSize);
  await file.write(Buffer.alloc(16), 0, 16, start + descriptor.readUInt32LE(0) * root.blockSize);
  await file.close();
}
