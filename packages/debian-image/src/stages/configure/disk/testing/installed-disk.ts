import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { foldersAbove } from '../../../../disk/folders-above.ts';
import { releaseOf } from '../../../../debian/releases.ts';
import { qcow2Type } from '../../../../disk/chain.ts';
import { makeRootDisk } from '../../../../disk/root-disk.ts';
import { directory, file, type TestEntry, writeTar } from '../../../../disk/testing/tar.ts';
import type { FileSystemTools } from '../../../../disk/tools.ts';
import { command, run } from '../../../../host/index.ts';
import { type CpioFile, cpio } from '../../../../machine/cpio.ts';
import type { GuestPackages } from '../../../../machine/testing/tiny-guest.ts';

/** The packages that a ramdisk's programs come from. */
export const ramdiskPackages = ['klibc-utils', 'libklibc'];

/** The drivers that stand between a kernel and its root. */
const drivers = ['virtio_pci', 'virtio_blk', 'ext4', 'crc32c_generic'];

/** What of squeeze the steps of configure look at; programs that busybox lacks only note what they are asked. */
const system: readonly TestEntry[] = [
  ...['./', './dev/', './proc/', './sys/', './etc/', './etc/default/', './boot/', './boot/grub/', './bin/', './usr/', './usr/sbin/'].map(
    directory,
  ),
  ...['./sbin/', './var/', './var/log/', './var/log/installer/', './var/tmp/', './root/'].map(directory),
  { ...directory('./tmp/'), mode: 0o1777 },
  file('./etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
  file('./etc/group', 'root:x:0:\n'),
  file('./etc/shadow', 'root:!:20000:0:99999:7:::\n'),
  file('./etc/inittab', 'id:2:initdefault:\n'),
  file('./etc/securetty', 'tty1\n'),
  file('./etc/fstab', 'UUID=0 / ext4 errors=remount-ro 0 1\nUUID=1 none swap sw 0 0\n'),
  file('./etc/default/grub', 'GRUB_CMDLINE_LINUX="console=ttyS0,9600 panic=5"\n'),
  file('./var/log/installer/syslog', 'what the installer did'),
  { ...file('./usr/sbin/update-initramfs', '#!/bin/sh\necho "$*" > "/boot/initrd.img-$3"\n'), mode: 0o755 },
  { ...file('./usr/sbin/update-grub', '#!/bin/sh\nls /dev/disk/by-uuid > /boot/grub/grub.cfg\n'), mode: 0o755 },
  { ...file('./usr/sbin/usermod', '#!/bin/sh\necho "usermod $*" >> /root/asked\n'), mode: 0o755 },
];

/** A disk as an installer would leave it. */
export interface InstalledDisk {
  readonly disk: Descriptor;
  /** Of its root file system. */
  readonly uuid: string;
  readonly kernelVersion: string;
}

export interface Installer {
  readonly store: Store;
  readonly tools: FileSystemTools;
  /** With those of `ramdiskPackages`. */
  readonly packages: GuestPackages;
  /** Room for what is made. */
  readonly folder: string;
  /** Has the ramdisk without programs, so that the system cannot start. */
  readonly broken?: boolean;
}

/** For tests: a system of busybox with a kernel of Debian on a disk, some 60 MB. */
export async function installTinySystem({ store, tools, packages, folder, broken = false }: Installer): Promise<InstalledDisk> {
  const { tree, kernel, busybox } = packages;
  const kernelVersion = basename(kernel).slice('vmlinuz-'.length);
  const applets = (await run(command('busybox', ['--list-full']), { doing: 'asking busybox' })).stdout.trim().split('\n');
  const taken = new Set([...system.map(({ name }) => name.slice(2)), 'usr/bin/find', 'usr/bin/install', 'bin/sh']);
  const entries: TestEntry[] = [
    ...system,
    directory('./usr/bin/'),
    { ...file('./bin/busybox', busybox), mode: 0o755 },
    ...(await programs(['/bin/dash', '/usr/bin/find', '/usr/bin/install'])),
    { name: './bin/sh', type: 'symlink', linkname: 'dash' },
    ...applets
      .filter((path) => path !== 'bin/busybox' && /^(?:usr\/)?s?bin\//.test(path) && !taken.has(path))
      .map((path): TestEntry => ({ name: `./${path}`, type: 'symlink', linkname: '/bin/busybox' })),
    file(`./boot/vmlinuz-${kernelVersion}`, await readFile(kernel)),
    file(`./boot/initrd.img-${kernelVersion}`, await ramdisk(tree, kernelVersion, broken ? undefined : busybox)),
  ];
  const layer = await store.putFile(await writeTar(join(folder, 'system.tar'), entries));
  const source = { layers: [layer], table: 'mbr', slack: 32 << 20, ext4: releaseOf('squeeze').ext4, epoch: 1 } as const;
  const { config, disk } = await makeRootDisk(source, 0, { store, tools, progress: silent });
  const qcow2 = join(folder, 'disk.qcow2');
  await run(command('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', store.blobPath(disk.digest), qcow2]), { doing: 'making a disk' });
  return { disk: await store.putFile(qcow2, { mediaType: qcow2Type }), uuid: config.root.uuid, kernelVersion };
}

/** Programs of this machine with the libraries that they need: a shell that takes no applets for programs, a find that deletes, an install that knows owners. */
async function programs(wanted: readonly string[]): Promise<TestEntry[]> {
  const { stdout } = await run(command('ldd', wanted), { doing: 'looking for libraries' });
  const paths = [...new Set([...wanted, ...(stdout.match(/\/[^\s:]+/g) ?? [])])];
  const folders = new Set(paths.flatMap((name) => foldersAbove(name.slice(1))));
  return [
    ...[...folders].filter((name) => !/^(?:bin|usr|usr\/bin)$/.test(name)).map((name) => directory(`./${name}/`)),
    ...(await Promise.all(paths.map(async (name) => ({ ...file(`.${name}`, await readFile(name)), mode: 0o755 })))),
  ];
}

/** A ramdisk with the drivers and few programs. */
async function ramdisk(tree: string, version: string, busybox: Buffer | undefined): Promise<Buffer> {
  const modules = `lib/modules/${version}`;
  await run(command('busybox', ['depmod', '-b', tree, version]), { doing: 'listing modules' });
  const listed = await readFile(join(tree, modules, 'modules.dep'), 'utf8');
  const lines = listed
    .split('\n')
    .filter((line) => drivers.some((name) => new RegExp(`/${name.replace('_', '[-_]')}\\.ko[^:]*:`).test(line)));
  const paths = [...new Set(lines.flatMap((line) => line.split(/:? /)).filter((path) => path.includes('.ko')))].map((path) =>
    path.replace(/:$/, ''),
  );
  const contents = await Promise.all(paths.map((path) => readFile(join(tree, modules, path))));
  const files: CpioFile[] = [
    ...paths.map((path, index) => ({ name: `${modules}/${path}`, mode: 0o100644, content: contents[index]! })),
    { name: `${modules}/modules.dep`, mode: 0o100644, content: Buffer.from(`${lines.join('\n')}\n`) },
  ];
  if (busybox !== undefined) files.push({ name: 'bin/modprobe', mode: 0o100755, content: busybox }, ...(await klibc(tree)));
  return cpio([...foldersOf(files), ...files]);
}

/** All that ramdisks from squeeze to trixie surely have: klibc's programs, and none of busybox but modprobe. */
async function klibc(tree: string): Promise<CpioFile[]> {
  const library = (await readdir(join(tree, 'lib'))).find((name) => name.startsWith('klibc-'))!;
  const tools = ['sh', 'mount', 'mkdir', 'mknod', 'sleep', 'chroot'].map((name) => ['usr/lib/klibc/bin', 'bin', name] as const);
  const places = [['lib', 'lib', library] as const, ...tools];
  return Promise.all(
    places.map(async ([from, to, name]) => ({ name: `${to}/${name}`, mode: 0o100755, content: await readFile(join(tree, from, name)) })),
  );
}

/** The folders of files, each before what is in it. */
function foldersOf(files: readonly CpioFile[]): CpioFile[] {
  return [...new Set(files.flatMap(({ name }) => foldersAbove(name)))].map((name) => ({ name, mode: 0o040755 }));
}
