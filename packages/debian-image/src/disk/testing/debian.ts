import { join } from 'node:path';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { directory, file, type TestEntry, writeTar } from './tar.ts';

/** cap_net_raw+ep as the kernel keeps it (vfs_cap_data of version 2). */
const capability = '\u0001\0\0\u0002\0 \0\0\0\0\0\0\0\0\0\0\0\0\0\0';
export const kernelVersion = '6.1.0-10-cloud-amd64';
export const kernel: Buffer = Buffer.alloc(300_000, 'kernel');
export const ramdisk: Buffer = Buffer.alloc(500_000, 'ramdisk');

/** A small tree with one of everything that a Debian has, and 30 MB to shrink. */
export const debianTree: readonly TestEntry[] = [
  ...['./', './boot/', './dev/', './usr/', './usr/bin/', './usr/share/', './usr/share/data/', './etc/'].map(directory),
  { ...directory('./tmp/'), mode: 0o1777 },
  ...['6.1.0-9-cloud-amd64', kernelVersion].flatMap((version) => [
    file(`./boot/vmlinuz-${version}`, version === kernelVersion ? kernel : 'old'),
    file(`./boot/initrd.img-${version}`, version === kernelVersion ? ramdisk : 'old'),
  ]),
  { name: './dev/null', type: 'character-device', devmajor: 1, devminor: 3, mode: 0o666 },
  { name: './dev/sda', type: 'block-device', devmajor: 8, devminor: 0, mode: 0o660 },
  { name: './dev/pipe', type: 'fifo', mode: 0o600 },
  { ...file('./usr/bin/ping'), mode: 0o755, pax: { 'SCHILY.xattr.security.capability': capability } },
  { ...file('./usr/bin/su'), mode: 0o4755 },
  file('./usr/bin/perl', 'perl itself'),
  { name: './usr/bin/perl5.36', type: 'link', linkname: './usr/bin/perl' },
  { name: './etc/long', type: 'symlink', linkname: `/${'directory/'.repeat(20)}` },
  file('./etc/Főtanúsítvány.pem'),
  file('./etc/gone'),
  file('./usr/share/holes', Buffer.concat([Buffer.alloc(1 << 20), Buffer.from('end')])),
  ...Array.from({ length: 300 }, (_, index) => file(`./usr/share/data/${index}`, Buffer.alloc(100_000, String(index)))),
];

/** What is configured upon it: files changed and removed, and a hard link whose target is gone. */
const upper: readonly TestEntry[] = [
  directory('etc/'),
  file('etc/.wh.gone', ''),
  file('etc/hostname', 'debian\n'),
  directory('usr/'),
  directory('usr/bin/'),
  file('usr/bin/.wh.perl', ''),
];

/** For tests: puts the two layers of a small Debian into a store; entries named are left out. */
export async function debianLayers(store: Store, folder: string, without: RegExp = /^$/): Promise<Descriptor[]> {
  const layers: Descriptor[] = [];
  for (const [number, entries] of [debianTree, upper].entries()) {
    const kept = entries.filter(({ name }) => !without.test(name));
    layers.push(await store.putFile(await writeTar(join(folder, `layer-${number}.tar`), kept)));
  }
  return layers;
}
