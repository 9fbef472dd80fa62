import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArtifactDraft, type Descriptor, Store } from '@nx-debian-image/artifact-store';
import { type Progress, silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findRoot } from '../../../disk/boot-files.ts';
import { chainName } from '../../../disk/chain.ts';
import { within } from '../../../disk/ext4/debugfs.ts';
import { withFile } from '../../../disk/read-at.ts';
import { testTools } from '../../../disk/testing/tools.ts';
import { command, run } from '../../../host/index.ts';
import { remaining } from '../../../host/testing/processes.ts';
import { type ImageSource, imageSchema, resolveImage } from '../../../image/index.ts';
import { type GuestPackages, unpackGuestPackages } from '../../../machine/testing/tiny-guest.ts';
import type { ConfigureDiskOptions } from './options.ts';
import { configureDisk } from './run.ts';
import { type InstalledDisk, installTinySystem, ramdiskPackages } from './testing/installed-disk.ts';

const epoch = 1_600_000_000;
const tools = testTools();
let folder: string;
let store: Store;
let packages: GuestPackages;
let installed: InstalledDisk;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'configure-disk-'));
  store = await Store.open(join(folder, 'store'));
  packages = await unpackGuestPackages(await inside('packages'), ramdiskPackages);
  installed = await installTinySystem({ store, tools, packages, folder: await inside('installed') });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function inside(name: string): Promise<string> {
  await mkdir(join(folder, name));
  return join(folder, name);
}

/** Configures a disk as an image whose folder has these files. */
async function configure(
  name: string,
  files: Readonly<Record<string, string>>,
  source: Partial<ImageSource>,
  more: Partial<ConfigureDiskOptions> = {},
): Promise<ArtifactDraft> {
  const image = await inside(name);
  for (const [path, content] of Object.entries(files)) await writeFile(join(image, path), content);
  const said = { release: 'squeeze', install: { method: 'installer' }, hostname: 'web', network: 'none', growRoot: false } as const;
  return configureDisk({
    image: resolveImage(imageSchema.parse({ ...said, ...source }), image, name),
    disk: installed.disk,
    epoch,
    tools,
    store,
    progress: silent,
    signal: new AbortController().signal,
    accelerator: { name: 'tcg', why: 'the same on every host' },
    keepFailed: async () => 'in a test',
    ...more,
  });
}

const lookAround = `set -eu
[ ! -t 1 ] && [ ! -t 0 ]
echo "$(cat /proc/sys/kernel/hostname) $SOURCE_DATE_EPOCH \${IMAGE_NAME} $TZ" > /root/around
date +%s > /root/date
ls /usr/sbin/policy-rc.d >> /root/around
sleep 1000 &
`;

it('runs the steps of an image inside the installed system', async () => {
  const steps: string[] = [];
  const progress: Progress = { ...silent, step: (text) => void steps.push(text) };
  const files = { 'look.sh': lookAround, motd: 'welcome\n' };
  const source = { scripts: ['look.sh'], files: [{ source: 'motd', target: '/etc/motd' }], modules: [] };
  const draft = await configure('good', files, source, { progress });
  expect(steps).toEqual(
    expect.arrayContaining(['what the installer leaves', 'making the initial ramdisk', 'the boot loader', 'running look.sh']),
  );

  const changes = draft.blobs[0]!;
  expect(changes.name).toBe('changes.qcow2');
  const layers = [installed.disk, changes.descriptor];
  expect(draft.config).toEqual({ release: 'squeeze', architecture: 'amd64', epoch, method: 'installer', layers });
  const information = await run(command('qemu-img', ['info', '--output=json', store.blobPath(changes.descriptor.digest)]), {
    doing: 'test',
  });
  expect(JSON.parse(information.stdout)).not.toHaveProperty('backing-filename');
  expect(await store.verify(installed.disk.digest)).toBe(true);

  const read = await reader(layers);
  const { kernelVersion, uuid } = installed;
  expect(await read('/etc/hostname')).toBe('web\n');
  expect(await read('/etc/motd')).toBe('welcome\n');
  expect(await read('/root/around')).toBe(`web ${epoch} good UTC0\n/usr/sbin/policy-rc.d\n`);
  expect(Number(await read('/root/date')) - epoch).toBeLessThan(600);
  expect(await read(`/boot/initrd.img-${kernelVersion}`)).toBe(`-c -k ${kernelVersion}\n`);
  expect(await read('/boot/grub/grub.cfg')).toBe(`${uuid}\n`);
  expect(await read('/etc/fstab')).toBe(`UUID=${uuid} / ext4 errors=remount-ro 0 1\n`);
  for (const gone of ['/usr/sbin/policy-rc.d', '/run', '/var/log/installer']) expect(await read(gone)).toBe('');
});

/** Reads files of a disk that has been left clean. */
async function reader(layers: readonly Descriptor[]): Promise<(path: string) => Promise<string>> {
  const raw = join(folder, 'configured.raw');
  const chain = chainName(layers.map(({ digest }) => store.blobPath(digest)));
  await run(command('qemu-img', ['convert', '-O', 'raw', chain, raw]), { doing: 'test' });
  const { start, superblock } = withFile(raw, findRoot);
  expect(superblock.features).not.toContain('needs_recovery');
  await run(tools.tool('e2fsck', ['-fn', within(raw, start)]), { doing: 'test' });
  return async (path) => (await run(tools.tool('debugfs', ['-R', `cat ${path}`, within(raw, start)]), { doing: 'test' })).stdout;
}

it('tells which script failed and what it said, and keeps the disk as it stood', async () => {
  const keepFailed = vi.fn<ConfigureDiskOptions['keepFailed']>(async () => 'in a test');
  const failing = configure('bad', { 'bad.sh': 'echo I give up\nexit 7\n' }, { scripts: ['bad.sh'] }, { keepFailed });
  await expect(failing).rejects.toMatchObject({
    reason: 'command-failed',
    message: 'running bad.sh failed with status 7',
    said: 'I give up',
    hint: 'Look at the disk as it stood: in a test',
  });
  const [layers, log] = keepFailed.mock.lastCall!;
  expect(await store.missing([...layers, log])).toEqual([]);
  expect((await store.read(log.digest)).toString()).toMatch(/Linux version[^]*::ended 7/);
});

it('says why a system does not start', async () => {
  const { disk } = await installTinySystem({ store, tools, packages, folder: await inside('broken'), broken: true });
  await expect(configure('panic', {}, {}, { disk })).rejects.toMatchObject({
    reason: 'command-failed',
    message: 'the kernel of the installed system panicked before the script began',
    said: expect.stringContaining('Kernel panic') as string,
  });
});

it('leaves no machine where it is cancelled', async () => {
  const controller = new AbortController();
  const progress: Progress = { ...silent, step: (text) => text.startsWith('running') && controller.abort() };
  const cancelled = configure('slow', { 'slow.sh': 'sleep 1000\n' }, { scripts: ['slow.sh'] }, { progress, signal: controller.signal });
  await expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' });
  expect(await remaining(join(folder, 'store', 'scratch'), 5)).toEqual([]);
});
