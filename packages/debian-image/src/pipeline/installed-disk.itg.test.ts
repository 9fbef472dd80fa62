import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactDraft, type Descriptor, Store } from '@nx-debian-image/artifact-store';
import { type Progress, silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { releaseOf } from '../debian/releases.ts';
import type { InstalledDiskConfig } from '../disk/installed/config.ts';
import { debianTree, kernel, kernelVersion } from '../disk/testing/debian.ts';
import { lookInto, tool } from '../disk/testing/file-system.ts';
import { type InstalledDiskWish, makeInstalledDisk, type TestDisk } from '../disk/testing/installed-disk.ts';
import { withFolder } from '../disk/testing/tar.ts';
import { testTools } from '../disk/testing/tools.ts';
import { within } from '../disk/ext4/debugfs.ts';
import { command, run } from '../host/index.ts';
import { convertInstalled } from '../stages/convert/installed.ts';
import type { BareWish } from '../stages/extract/bare.ts';
import type { ExtractConfig } from '../stages/extract/facts.ts';
import { extract } from '../stages/extract/run.ts';
import { shrinkInstalled } from '../stages/shrink/installed.ts';

const mebibyte = 1 << 20;
const uuid = '0b4ea21b-6c2c-4d2e-8a3c-2f7a4b1d9e11';
const root = {
  megabytes: 100,
  args: ['-t', 'ext4', '-b', '4096', '-I', '256', '-U', uuid, '-L', 'system', '-O', 'has_journal,extent,ext_attr,64bit'],
};

/** The small Debian with what only a machine leaves: an access control list, times in nanoseconds, a swap file's worth of what was deleted. */
const wish = (folder: string, table: string, more: Partial<InstalledDiskWish> = {}): InstalledDiskWish => ({
  table,
  megabytes: 110,
  root,
  entries: [...debianTree, { name: './etc/linked', type: 'link', linkname: './usr/bin/su', mode: 0o4755 }],
  installed: [
    `ea_set -f ${join(folder, 'acl')} /usr system.posix_acl_default`,
    `ea_set -f ${join(folder, 'note')} /etc/gone user.note`,
    `set_inode_field /usr/bin/su mtime_extra ${123_456_789 * 4}`,
    'set_inode_field / mode 040751',
    // after the epoch
    'set_inode_field /etc/long mtime @1800000000',
  ],
  configured: [`write ${join(folder, 'note')} /etc/configured`, 'rm /usr/bin/perl', 'set_inode_field /etc/configured mtime @1700000000'],
  ...more,
});

interface Made {
  readonly store: Store;
  readonly disk: TestDisk;
  readonly told: string[];
  convert(): Promise<ArtifactDraft>;
  shrink(converted: ArtifactDraft): Promise<ArtifactDraft>;
  extract(shrunk: ArtifactDraft, kernel?: string, bare?: BareWish): Promise<ArtifactDraft>;
  /** Where the disk of an artifact is. */
  pathOf(draft: ArtifactDraft): string;
}

const diskOf = (draft: ArtifactDraft): Descriptor => draft.blobs[0]!.descriptor;
const configOf = (draft: ArtifactDraft): InstalledDiskConfig => draft.config as InstalledDiskConfig;

const withInstalled = (table: string, use: (made: Made) => Promise<void>, more?: Partial<InstalledDiskWish>): Promise<void> =>
  withFolder(async (folder) => {
    const acl = Buffer.from('0200000001000700ffffffff02000600e803000004000500ffffffff10000700ffffffff20000000ffffffff', 'hex');
    await writeFile(join(folder, 'acl'), acl);
    await writeFile(join(folder, 'note'), 'note '.repeat(100));
    const disk = await makeInstalledDisk(folder, wish(folder, table, more));
    const store = await Store.open(join(folder, 'store'));
    const layers = [await store.putFile(disk.base), await store.putFile(disk.delta)];
    const told: string[] = [];
    const progress: Progress = { ...silent, note: (text) => void told.push(text), warn: (text) => void told.push(text) };
    const context = { tools: testTools(), store, progress };
    const { ext4 } = releaseOf('bookworm');
    await use({
      store,
      disk,
      told,
      convert: () => convertInstalled({ ...context, layers, epoch: 1_700_000_000 }),
      shrink: (converted) => shrinkInstalled({ ...context, disk: diskOf(converted), slack: undefined, ext4, epoch: 1_700_000_000 }),
      extract: (shrunk, wanted, bare) =>
        extract({ ...context, disk: diskOf(shrunk), release: 'bookworm', architecture: 'amd64', kernel: wanted, bare }),
      pathOf: (draft) => store.blobPath(diskOf(draft).digest),
    });
  });

async function bytesOf(path: string, start: number, end: number): Promise<Buffer> {
  const file = await open(path, 'r');
  const bytes = Buffer.alloc(end - start);
  await file.read(bytes, 0, bytes.length, start);
  await file.close();
  return bytes;
}

async function verify(path: string): Promise<string> {
  const said: string[] = [];
  await run(command('sfdisk', ['--verify', path]), { doing: 'checking a partition table', onLine: (line) => said.push(line) });
  return said.join('\n');
}

const mbr = 'label: dos\nlabel-id: 0x1234abcd\nstart=2048, size=107MiB, type=83, bootable\n';
const gpt =
  'label: gpt\nstart=2048, size=1MiB, type=21686148-6449-6E6F-744E-656564454649\nstart=4096, type=linux, attrs="LegacyBIOSBootable"\n';

it.each([
  ['mbr', mbr, mebibyte],
  ['gpt', gpt, 2 * mebibyte],
])('takes an installed disk to a smaller one that is the same but for its size: %s', (table, script, start) =>
  withInstalled(
    script,
    async ({ disk, store, told, convert, shrink, extract: extracted, pathOf }) => {
      const converted = await convert();
      expect((await readFile(pathOf(converted))).equals(await readFile(disk.raw))).toBe(true);
      expect(configOf(converted)).toMatchObject({ kind: 'installed', table, size: 110 * mebibyte, root: { uuid, label: 'system' } });

      const shrunk = await shrink(converted);
      const [before, after] = [pathOf(converted), pathOf(shrunk)];
      expect(lookInto(after, start)).toEqual(lookInto(before, start));
      const { size, root: made, partitions, content } = configOf(shrunk);
      expect(made).toMatchObject({ uuid, label: 'system', wantedFreeBytes: 4 * mebibyte });
      expect(made.freeBytes).toBeGreaterThanOrEqual(4 * mebibyte);
      expect(made.features.toSorted()).toEqual([...releaseOf('bookworm').ext4.features].toSorted());
      expect(size).toBeLessThan(content!.rounded + 20 * mebibyte);
      expect(partitions.map((partition) => partition.start)).toEqual(configOf(converted).partitions.map((partition) => partition.start));
      expect(await verify(after)).toContain('No errors detected');

      // boot code up to the disk's own number, and all between the table and the root
      const [code, gap] = [[0, 440] as const, [34 * 512, start] as const];
      for (const range of [code, gap]) expect((await bytesOf(after, ...range)).equals(await bytesOf(before, ...range))).toBe(true);
      expect((await shrink(converted)).blobs).toEqual(shrunk.blobs);

      const draft = await extracted(shrunk);
      expect(draft.config).toMatchObject({ kernelVersion, root: { uuid, label: 'system' } });
      expect((await readFile(store.blobPath(draft.blobs.find(({ name }) => name === 'vmlinuz')!.descriptor.digest))).equals(kernel)).toBe(
        true,
      );
      expect(((await extracted(shrunk, '6.1.0-9-cloud-amd64')).config as ExtractConfig).kernelVersion).toBe('6.1.0-9-cloud-amd64');
      await expect(extracted(shrunk, 'rt-amd64')).rejects.toThrow(
        'there is no kernel "rt-amd64" in /boot, but 6.1.0-10-cloud-amd64, 6.1.0-9-cloud-amd64',
      );
      const bare = await extracted(shrunk, undefined, { forms: ['raw'], firmware: ['bios'] });
      expect(bare.blobs.at(-1)).toEqual({ name: 'disk.raw', descriptor: diskOf(shrunk) });
      expect(bare.config).toMatchObject({ bare: { virtualSize: size, firmware: ['bios'], forms: { raw: { name: 'disk.raw', size } } } });
      expect(told.join('\n')).toContain('instead of 110 MiB');
    },
    { root: { ...root, start } },
  ),
);

it('keeps the size of a disk with swap behind the root', () =>
  withInstalled('label: dos\nstart=2048, size=101MiB, type=83\ntype=5\nsize=4MiB, type=82\n', async ({ convert, shrink, pathOf }) => {
    const converted = await convert();
    const shrunk = await shrink(converted);
    expect(configOf(shrunk)).toMatchObject({ size: 110 * mebibyte, partitions: configOf(converted).partitions });
    expect(lookInto(pathOf(shrunk), mebibyte)).toEqual(lookInto(pathOf(converted), mebibyte));
    const behind = [102 * mebibyte, 110 * mebibyte] as const;
    expect((await bytesOf(pathOf(shrunk), ...behind)).equals(await bytesOf(pathOf(converted), ...behind))).toBe(true);
    expect(configOf(shrunk).root.freeBytes).toBeLessThan(8 * mebibyte);
  }));

it('recovers the journal of a machine that lost its power', () =>
  withInstalled(
    mbr,
    async ({ told, convert }) => {
      expect(configOf(await convert()).root.features).not.toContain('needs_recovery');
      expect(told[0]).toContain('recovering its journal');
    },
    { configured: ['feature needs_recovery'] },
  ));

it('says what e2fsck says of a damaged root', () =>
  withInstalled(
    mbr,
    async ({ convert }) => {
      await expect(convert()).rejects.toThrow(
        expect.objectContaining({ reason: 'command-failed', said: expect.stringMatching(/inode \d+|Inode \d+/) as string }) as Error,
      );
    },
    { configured: ['set_inode_field /etc/gone links_count 7'] },
  ));

it('opens no file that a disk names', () =>
  withInstalled(mbr, async ({ disk, store, convert }) => {
    await run(command('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', '/etc/passwd', '-F', 'raw', `${disk.raw}.named`]), {
      doing: 'test',
    });
    const named = await store.putFile(`${disk.raw}.named`);
    await expect(convertInstalled({ layers: [named], epoch: 1, tools: testTools(), store, progress: silent })).rejects.toThrow(
      'a disk is no qcow2 that can be used: it names the file /etc/passwd',
    );
    expect(await tool('e2fsck', ['-fn', within(disk.raw, disk.start)])).toContain('Pass 5');
    await convert();
  }));
