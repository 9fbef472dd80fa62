import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpio } from './cpio.ts';
import type { MachineOptions } from './guest.ts';
import { configDrive, noCloudSeed } from './seed.ts';
import { hear } from './testing/hear.ts';
import { modulesInOrder, unpackGuestPackages } from './testing/tiny-guest.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seed-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('gives a guest both seeds, as files with the names that cloud-init seeks', async () => {
  const seed = { instance: 'i-1', hostname: 'web', publicKeys: ['ssh-ed25519 AAAA me'], userData: '#cloud-config\n' };
  await writeFile(join(folder, 'seed'), noCloudSeed(seed));
  await writeFile(join(folder, 'drive'), configDrive(seed));
  const guest = await guestThatReads();
  const lines = ['label CIDATA', 'meta-data 83', 'user-data 14', 'label config-2', 'openstack/latest/meta_data.json 91', 'user_data 14'];
  const words = new RegExp(lines.join('[^]*'));
  const said = await hear(words, folder, {
    ...guest,
    commandLine: 'console=ttyS0',
    disks: ['seed', 'drive'].map((name) => ({ path: join(folder, name), format: 'raw', readOnly: true })),
  });
  expect(said).toMatch(words);
});

/** A kernel and a ramdisk that mounts two disks and says their labels, and the names and sizes of their files. */
async function guestThatReads(): Promise<Pick<MachineOptions, 'kernel' | 'ramdisk'>> {
  const { tree, kernel, busybox } = await unpackGuestPackages(folder);
  const modules = await modulesInOrder(tree, ['virtio_pci', 'virtio_blk', 'isofs']);
  const init = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev
for m in ${modules.map(({ name }) => name).join(' ')}; do $b insmod /$m.ko; done
for d in vda vdb; do
  echo label $($b dd if=/dev/$d bs=1 skip=32808 count=32 2>/dev/null)
  $b mount -t iso9660 -o ro /dev/$d /mnt && cd /mnt && $b find . -type f -exec $b stat -c '%n %s' {} + | $b sort
  cd / && $b umount /mnt
done
$b poweroff -f
`;
  const ramdisk = join(folder, 'initramfs');
  const files = [
    ...['bin', 'dev', 'mnt'].map((name) => ({ name, mode: 0o040755 })),
    { name: 'dev/console', mode: 0o020600, device: [5, 1] as const },
    { name: 'bin/busybox', mode: 0o100755, content: busybox },
    ...modules.map(({ name, content }) => ({ name: `${name}.ko`, mode: 0o100644, content })),
    { name: 'init', mode: 0o100755, content: Buffer.from(init) },
  ];
  await writeFile(ramdisk, cpio(files));
  return { kernel, ramdisk };
}
