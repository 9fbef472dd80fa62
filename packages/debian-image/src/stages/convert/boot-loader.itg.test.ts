import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Descriptor, Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootLoaderOf, firmwareOf } from '../../debian/boot-loader.ts';
import { releaseOf } from '../../debian/releases.ts';
import { slice } from '../../disk/blocks/slice.ts';
import { bootableTree } from '../../disk/boot-loader/testing/bootable-tree.ts';
import { testBootLoader } from '../../disk/boot-loader/testing/tools.ts';
import type { DiskConfig } from '../../disk/root-disk.ts';
import { testTools } from '../../disk/testing/tools.ts';
import { command, run } from '../../host/index.ts';
import { bootDisk, type TestFirmware } from '../../machine/testing/boot-disk.ts';
import { shrink } from '../shrink/run.ts';
import type { BareWish } from './boot-loader.ts';
import { convert } from './run.ts';

let folder: string;
let store: Store;
let layers: Descriptor[];
let loader: Pick<BareWish, 'tools' | 'packages'>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boot-loader-'));
  store = await Store.open(join(folder, 'store'));
  layers = await bootableTree(store, folder);
  loader = await testBootLoader('amd64');
});
afterAll(() => rm(folder, { recursive: true }));

async function made(table: 'gpt' | 'mbr', { bare = true, headroom = 0 } = {}): Promise<{ config: DiskConfig; disk: Descriptor }> {
  const wish = { ...loader, source: bootLoaderOf('amd64')!, firmware: firmwareOf('amd64', table), kernel: undefined };
  const draft = await convert({
    layers,
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

it.each<['gpt' | 'mbr', TestFirmware]>([
  ['gpt', 'bios'],
  ['gpt', 'uefi'],
  ['gpt', 'secure-boot'],
  ['mbr', 'bios'],
])('a disk with a table of kind %s boots by %s', async (table, firmware) => {
  const disk = await made(table);
  const said = await bootDisk({ firmware, disk: { path: path(disk), format: 'raw' }, folder, limitSeconds: 200 });
  expect(said).toContain(`BOOT_IMAGE=/vmlinuz root=UUID=${disk.config.root.uuid} console=tty0 console=ttyS0 console=hvc0`);
  expect(said.includes('Secure boot enabled')).toBe(firmware === 'secure-boot');
});

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
  expect(disk.config.boot).toEqual({ firmware: ['bios', 'uefi'], packages: loader.packages });
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

it('has shim and GRUB where firmware looks for them', async () => {
  const { config, disk } = await made('gpt');
  const { start, size } = config.partitions.find(({ name }) => name === 'esp')!;
  const partition = join(folder, 'esp');
  await slice(store.blobPath(disk.digest), partition, { start, size });
  const listed = await run(loader.tools.tool('mtools', ['-c', 'mdir', '-/', '-b', '-i', partition, '::']), { doing: 'listing' });
  expect(
    listed.stdout
      .split('\n')
      .filter((name) => /[^/]$/.test(name))
      .toSorted(),
  ).toEqual(['::/EFI/BOOT/BOOTX64.EFI', '::/EFI/BOOT/grubx64.efi', '::/EFI/BOOT/mmx64.efi', '::/EFI/debian/grub.cfg']);
});
