import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { cpio } from '../../../machine/cpio.ts';
import { unpackGuestPackages } from '../../../machine/testing/tiny-guest.ts';
import { directory, file, writeTar } from '../../testing/tar.ts';

/** It says the words that GRUB gave it, and asks for a login; on the serial port, for /dev/console is the last one that those words name. */
const init = `#!/bin/busybox sh
exec > /dev/ttyS0 2>&1
/bin/busybox mkdir -p /proc
/bin/busybox mount -t proc proc /proc
/bin/busybox cat /proc/cmdline
printf '\\nDebian GNU/Linux 12 tiny ttyS0\\n\\ntiny login: '
exec /bin/busybox sleep 1000
`;

/** For tests: puts a tree of Debian's cloud kernel, with the links of its package, and a busybox as initial ramdisk into a store. */
export async function bootableTree(store: Store, folder: string): Promise<Descriptor[]> {
  const { kernel, busybox } = await unpackGuestPackages(folder);
  const ramdisk = cpio([
    { name: 'bin', mode: 0o040755 },
    { name: 'dev', mode: 0o040755 },
    { name: 'dev/console', mode: 0o020600, device: [5, 1] as const },
    { name: 'dev/ttyS0', mode: 0o020600, device: [4, 64] as const },
    { name: 'bin/busybox', mode: 0o100755, content: busybox },
    { name: 'init', mode: 0o100755, content: Buffer.from(init) },
  ]);
  const entries = [
    ...['./', './boot/', './etc/'].map(directory),
    file('./boot/vmlinuz-6.1.0-1-cloud-amd64', await readFile(kernel)),
    file('./boot/initrd.img-6.1.0-1-cloud-amd64', ramdisk),
    { name: './vmlinuz', type: 'symlink' as const, linkname: 'boot/vmlinuz-6.1.0-1-cloud-amd64' },
    { name: './initrd.img', type: 'symlink' as const, linkname: 'boot/initrd.img-6.1.0-1-cloud-amd64' },
  ];
  return [await store.putFile(await writeTar(join(folder, 'tree.tar'), entries))];
}
