import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Descriptor, Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootLoaderOf, firmwareOf } from '../../debian/boot-loader.ts';
import { releaseOf } from '../../debian/releases.ts';
import { slice } from '../../disk/blocks/slice.ts';
import { type BootableArchitecture, bootableTree } from '../../disk/boot-loader/testing/bootable-tree.ts';
import { testBootLoader } from '../../disk/boot-loader/testing/tools.ts';
import type { DiskConfig } from '../../disk/root-disk.ts';
import { testTools } from '../../disk/testing/tools.ts';
import { command, run } from '../../host/index.ts';
import { type FirmwareName, prepareFirmware } from '../../machine/index.ts';
import { bootDisk } from '../../machine/testing/boot-disk.ts';
import { hear } from '../../machine/testing/hear.ts';
import { shrink } from '../shrink/run.ts';
import type { BareWish } from './boot-loader.ts';
import { convert } from './run.ts';

let folder: string;
let store: Store;
let trees: Record<BootableArchitecture, Descriptor[]>;
let loaders: Record<BootableArchitecture, Pick<BareWish, 'tools' | 'packages'>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boot-loader-'));
  store = await Store.open(join(folder, 'store'));
  trees = { amd64: await bootableTree(store, folder, 'amd64'), arm64: await bootableTree(store, folder, 'arm64') };
  loaders = { amd64: await testBootLoader('amd64'), arm64: await testBootLoader('arm64') };
});
afterAll(() => rm(folder, { recursive: true }));

interface Wish {
  readonly bare?: boolean;
  readonly headroom?: number;
  readonly arch?: BootableArchitecture;
}

async function made(
  table: 'gpt' | 'mbr',
  { bare = true, headroom = 0, arch = 'amd64' }: Wish = {},
): Promise<{ config: DiskConfig; disk: Descriptor }> {
  const wish = { ...loaders[arch], source: bootLoaderOf(arch)!, firmware: firmwareOf(arch, table), kernel: undefined };
  const draft = await convert({
    layers: trees[arch],
    table,
    slack: undefined,
    headroom,
    ext4: releaseOf('trixie').ext4,
    epoch: 1_700_000_000,
    tools: testTools(),
    store,
    progress: silent,
    bare: bare ? wish : undefined,
  });
  return { config: draft.config as DiskConfig, disk: draft.blobs[0]!.descriptor };
}

const path = ({ disk }: { disk: Descriptor }): string => store.blobPath(disk.digest);

const consoles = 'console=tty0 console=ttyS0 console=hvc0';

it.each<[BootableArchitecture, 'gpt' | 'mbr', FirmwareName, string]>([
  ['amd64', 'gpt', 'bios', consoles],
  ['amd64', 'gpt', 'uefi', consoles],
  ['amd64', 'gpt', 'uefi-secure', consoles],
  ['amd64', 'mbr', 'bios', consoles],
  ['arm64', 'gpt', 'uefi', `console=ttyAMA0 ${consoles}`],
  ['arm64', 'gpt', 'uefi-secure', `console=ttyAMA0 ${consoles}`],
])('a disk of %s with a table of kind %s boots by %s', async (arch, table, firmware, words) => {
  const disk = await made(table, { arch });
  const said = await bootDisk({ architecture: arch, firmware, disk: { path: path(disk), format: 'raw' }, folder, limitSeconds: 200 });
  expect(said).toContain(`BOOT_IMAGE=/vmlinuz root=UUID=${disk.config.root.uuid} ${words}`);
  expect(/Secure boot enabled/i.test(said)).toBe(firmware === 'uefi-secure');
});

/** A disk whose shim has one byte that is another than what was signed. */
async function tampered(arch: BootableArchitecture): Promise<string> {
  const copy = join(folder, `tampered-${arch}`);
  // up to the root, which no firmware reads
  await slice(path(await made('gpt', { arch })), copy, { start: 0, size: 66 << 20 });
  const bytes = await readFile(copy);
  const at = bytes.indexOf('UEFI SHIM\n');
  expect(at).toBeGreaterThan(0);
  await writeFile(copy, bytes.fill('e', at + 1, at + 2));
  return copy;
}

it.each(['amd64', 'arm64'] as const)(
  'the firmware of %s refuses with Secure Boot a boot loader that is not as it was signed',
  async (architecture) => {
    const disks = [{ path: await tampered(architecture), format: 'raw' as const, snapshot: true }];
    const firmware = await prepareFirmware({ name: 'uefi-secure', architecture }, folder);
    const refusal = /failed to \w+ Boot\d+ "UEFI Misc Device".*(?:Access Denied|Security Violation)/;
    expect(await hear(refusal, folder, { architecture, disks, firmware })).toMatch(refusal);
  },
);

it('has the partitions that sfdisk and UEFI expect, the root last', async () => {
  const disk = await made('gpt');
  const { stdout } = await run(command('sfdisk', ['--json', path(disk)]), { doing: 'reading the table' });
  const { partitions } = (
    JSON.parse(stdout) as { partitiontable: { partitions: { node: string; start: number; size: number; name: string }[] } }
  ).partitiontable;
  expect(partitions.map(({ node, start, name }) => [Number(/\d+$/.exec(node)), start, name])).toEqual([
    [1, 66 * 2048, 'root'],
    [14, 2048, 'bios-boot'],
    [15, 2 * 2048, 'esp'],
  ]);
  expect(disk.config.boot).toEqual({ firmware: ['bios', 'uefi'], packages: loaders.amd64.packages });
});

it('has the very root of a disk that does not boot by itself', async () => {
  const roots = await Promise.all(
    [await made('gpt'), await made('gpt', { bare: false })].map(async ({ config, disk }, index) => {
      const { start, size } = config.partitions.find(({ number }) => number === 1)!;
      return slice(store.blobPath(disk.digest), join(folder, `root-${index}`), { start, size });
    }),
  );
  expect(roots[0]).toEqual(roots[1]);
});

it('gives the same bytes at another time', async () => {
  const { disk } = await made('gpt');
  // FAT knows times of two seconds
  await setTimeout(2100);
  expect((await made('gpt')).disk).toEqual(disk);
});

it.each(['gpt', 'mbr'] as const)('is the same on a disk of kind %s that was made smaller', async (table) => {
  const large = await made(table, { headroom: 50 << 20 });
  const shrunk = await shrink({ ...large, slack: undefined, tools: testTools(), store, progress: silent });
  const small = await made(table);
  expect(shrunk.blobs[0]!.descriptor).toEqual(small.disk);
  expect(shrunk.config).toEqual(small.config);
});

it.each([
  ['amd64', 'x64', ['root', 'bios-boot', 'esp']],
  ['arm64', 'aa64', ['root', 'esp']],
] as const)('has shim and GRUB where the firmware of %s looks for them', async (arch, machine, names) => {
  const { config, disk } = await made('gpt', { arch });
  expect(config.partitions.map(({ name }) => name)).toEqual(names);
  const { start, size } = config.partitions.find(({ name }) => name === 'esp')!;
  const partition = join(folder, `esp-${arch}`);
  await slice(store.blobPath(disk.digest), partition, { start, size });
  const list = loaders[arch].tools.tool('mtools', ['-c', 'mdir', '-/', '-b', '-i', partition, '::']);
  const { stdout } = await run(list, { doing: 'listing' });
  expect(
    stdout
      .split('\n')
      .filter((name) => /[^/]$/.test(name))
      .toSorted(),
  ).toEqual([
    `::/EFI/BOOT/BOOT${machine.toUpperCase()}.EFI`,
    `::/EFI/BOOT/grub${machine}.efi`,
    `::/EFI/BOOT/mm${machine}.efi`,
    '::/EFI/debian/grub.cfg',
  ]);
});
