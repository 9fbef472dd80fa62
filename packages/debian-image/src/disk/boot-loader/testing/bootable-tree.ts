import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { cpio } from '../../../machine/cpio.ts';
import { unpackGuestPackages } from '../../../machine/testing/tiny-guest.ts';
import { directory, file, writeTar } from '../../testing/tar.ts';
import { foreignGuestPackages } from './foreign-guest.ts';

/** The serial ports and their device numbers (Linux, Documentation/admin-guide/devices.txt). */
const ports = { amd64: { name: 'ttyS0', device: [4, 64] }, arm64: { name: 'ttyAMA0', device: [204, 64] } } as const;

export type BootableArchitecture = keyof typeof ports;

/** It says the words that GRUB gave it, and asks for a login; on the serial port, for /dev/console is the last one that those words name. */
const init = (port: string): string => `#!/bin/busybox sh
exec > /dev/${port} 2>&1
/bin/busybox mkdir -p /proc
/bin/busybox mount -t proc proc /proc
/bin/busybox cat /proc/cmdline
printf '\\nDebian GNU/Linux 12 tiny ${port}\\n\\ntiny login: '
exec /bin/busybox sleep 1000
`;

/** For tests: puts a tree of Debian's cloud kernel, with the links of its package, and a busybox as initial ramdisk into a store. */
export async function bootableTree(store: Store, folder: string, architecture: BootableArchitecture): Promise<Descriptor[]> {
  const inside = join(folder, architecture);
  await mkdir(inside);
  const { kernel, busybox } = await (architecture === 'amd64' ? unpackGuestPackages(inside) : foreignGuestPackages(architecture, inside));
  const port = ports[architecture];
  const ramdisk = cpio([
    { name: 'bin', mode: 0o040755 },
    { name: 'dev', mode: 0o040755 },
    { name: 'dev/console', mode: 0o020600, device: [5, 1] as const },
    { name: `dev/${port.name}`, mode: 0o020600, device: port.device },
    { name: 'bin/busybox', mode: 0o100755, content: busybox },
    { name: 'init', mode: 0o100755, content: Buffer.from(init(port.name)) },
  ]);
  const version = `6.1.0-1-cloud-${architecture}`;
  const entries = [
    ...['./', './boot/', './etc/'].map(directory),
    file(`./boot/vmlinuz-${version}`, await readFile(kernel)),
    file(`./boot/initrd.img-${version}`, ramdisk),
    { name: './vmlinuz', type: 'symlink' as const, linkname: `boot/vmlinuz-${version}` },
    { name: './initrd.img', type: 'symlink' as const, linkname: `boot/initrd.img-${version}` },
  ];
  return [await store.putFile(await writeTar(join(inside, 'tree.tar'), entries))];
}
