import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { factsOf, imageOf } from '../testing/image.ts';
import { makeTree, runStep, type Tree } from '../testing/in-tree.ts';
import { modulesStep } from './modules.ts';

const kernel = '/lib/modules/6.1.0-10-amd64';
let tree: Tree;

beforeEach(async () => {
  tree = await makeTree({
    'lib/modules/6.1.0-9-amd64/modules.builtin': 'kernel/old.ko\n',
    [`${kernel}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\nkernel/drivers/pci/hotplug/acpiphp.ko\n',
    [`${kernel}/kernel/drivers/virtio/virtio_balloon.ko`]: '',
    [`${kernel}/kernel/drivers/net/virtio-net.ko.xz`]: '',
    'boot/config-6.1.0-10-amd64': 'CONFIG_HOTPLUG_PCI_PCIE=y\n',
    'etc/initramfs-tools/modules': '# comment\nvirtio_balloon\n',
    'etc/modules': '# comment\n',
  });
});

afterEach(() => tree.remove());

const step = (modules: string[], release: 'bookworm' | 'squeeze' = 'bookworm', ramdisk: 'initramfs-tools' | 'dracut' = 'initramfs-tools') =>
  modulesStep(imageOf({ release, modules }), factsOf(release, ramdisk))!;
const read = (path: string): Promise<string> => readFile(join(tree.folder, path), 'utf8');

it('loads what is a module, in the newest kernel, whatever its dashes and compression', async () => {
  expect(await runStep(tree, step(['virtio-balloon', 'virtio_net']))).toMatchObject({ status: 0 });
  expect(await read('etc/initramfs-tools/modules')).toBe('# comment\nvirtio_balloon\nvirtio_net\n');
  expect(await read('etc/modules-load.d/image.conf')).toBe('virtio_balloon\nvirtio_net\n');
});

it('passes over what is built in, listed or not', async () => {
  const { status, markers } = await runStep(tree, step(['acpiphp', 'pciehp']));
  expect(status).toBe(0);
  expect(markers.slice(1)).toEqual(
    ['acpiphp', 'pciehp'].map((name) => ({ kind: 'note', text: `${name} is built into this kernel; nothing to load` })),
  );
  expect(await read('etc/initramfs-tools/modules')).toBe('# comment\nvirtio_balloon\n');
});

it('ends at an unknown one with all that there are', async () => {
  const { status, markers } = await runStep(tree, step(['virtio_baloon']));
  expect(status).toBe(1);
  expect(markers.slice(1)).toEqual([
    { kind: 'unknown', what: 'module', name: 'virtio_baloon' },
    ...['acpiphp', 'ext4', 'virtio_balloon', 'virtio_net'].map((name) => ({ kind: 'candidate', name })),
    { kind: 'failed', status: 1, step: 'modules' },
  ]);
});

it('writes for sysvinit and for dracut what they read', async () => {
  await runStep(tree, step(['virtio_net'], 'squeeze'));
  expect(await read('etc/modules')).toBe('# comment\nvirtio_net\n');
  await runStep(tree, step(['virtio_net', 'virtio_balloon'], 'bookworm', 'dracut'));
  expect(await read('etc/dracut.conf.d/modules.conf')).toBe('add_drivers+=" virtio_net virtio_balloon "\n');
});

it('says that there is no kernel', async () => {
  const empty = await makeTree({ 'etc/modules': '' });
  expect(await runStep(empty, step(['ext4']))).toMatchObject({
    status: 1,
    markers: expect.arrayContaining([expect.objectContaining({ kind: 'problem' })]),
  });
  await empty.remove();
});
