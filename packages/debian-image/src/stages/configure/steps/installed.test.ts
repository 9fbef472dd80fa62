import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { ImageSource } from '../../../image/index.ts';
import type { Step } from '../script.ts';
import { factsOf, imageOf } from '../testing/image.ts';
import { makeTree, runStep, type Tree } from '../testing/in-tree.ts';
import { bootLoaderStep } from './boot-loader.ts';
import { fstabStep } from './fstab.ts';
import { installerStep } from './installer.ts';

const facts = { ...factsOf('bookworm'), disk: { rootUuid: '0-1' } };
let tree: Tree | undefined;

afterEach(() => tree?.remove());

/** Runs a step in a tree with these files and gives one of them. */
async function after(files: Readonly<Record<string, string>>, step: Step, path: string): Promise<string> {
  tree = await makeTree(files);
  expect(await runStep(tree, { ...step, script: `usermod() { :; }\n${step.script}` })).toMatchObject({ status: 0 });
  return readFile(join(tree.folder, path), 'utf8');
}

it.each([
  [
    'keeps the root and what an instance can do without',
    `# /etc/fstab: static file system information.
# / was on /dev/vda1 during installation
UUID=9 /               ext4    errors=remount-ro 0       1
UUID=8 /home ext4 defaults 0 2
# swap was on /dev/vda5 during installation
UUID=7 none            swap    sw              0       0
/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0
`,
    `# /etc/fstab: static file system information.
UUID=0-1 / ext4 errors=remount-ro 0 1
UUID=8 /home ext4 defaults,nofail 0 2
/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0
`,
  ],
  ['names a root that is not there', '', 'UUID=0-1 / ext4 errors=remount-ro 0 1\n'],
])('the table of file systems %s', async (_, before, expected) => {
  const files = { 'etc/fstab': before, 'etc/initramfs-tools/conf.d/resume': 'RESUME=UUID=7' };
  expect(await after(files, fstabStep(facts), 'etc/fstab')).toBe(expected);
});

const grub = `GRUB_TIMEOUT=5
GRUB_CMDLINE_LINUX_DEFAULT="quiet"
GRUB_CMDLINE_LINUX="elevator=noop console=ttyS0,9600n8 panic=5"
#GRUB_TERMINAL=console
GRUB_TERMINAL=serial
`;
const source: ImageSource = { release: 'bookworm', install: { method: 'installer' } };

it.each([
  [
    'serial',
    `GRUB_TIMEOUT=5
GRUB_CMDLINE_LINUX_DEFAULT="quiet"
GRUB_DISABLE_OS_PROBER=true
GRUB_CMDLINE_LINUX="elevator=noop  panic=5 console=tty0 console=ttyS0,115200"
GRUB_TERMINAL="console serial"
GRUB_SERIAL_COMMAND="serial --speed=115200 --unit=0"
`,
  ],
  ['none', `${grub}GRUB_DISABLE_OS_PROBER=true\n`],
] as const)('GRUB speaks as the console says: %s', async (console, expected) => {
  const files = { 'etc/default/grub': grub, 'usr/sbin/update-grub': '#!/bin/sh\n' };
  expect(await after(files, bootLoaderStep(imageOf({ ...source, console }), facts)!, 'etc/default/grub')).toBe(expected);
});

it('passes over a disk without GRUB', async () => {
  expect(await after({ 'etc/hostname': 'web' }, bootLoaderStep(imageOf(source), facts)!, 'etc/hostname')).toBe('web');
});

it('takes away what the installer leaves', async () => {
  const step = installerStep(facts)!;
  await expect(after({ 'var/log/installer/syslog': 'x', 'etc/hostname': 'web' }, step, 'var/log/installer/syslog')).rejects.toThrow(
    'ENOENT',
  );
});

it('is nothing for a tree', () => {
  expect([installerStep(factsOf('bookworm')), bootLoaderStep(imageOf({ release: 'bookworm' }), factsOf('bookworm'))]).toEqual([
    undefined,
    undefined,
  ]);
});
