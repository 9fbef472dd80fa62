import { rootLabel } from '../../../disk/ext4/mke2fs.ts';
import type { ConfigureFacts } from '../facts.ts';
import { type Step, writeFile } from '../script.ts';

/**
 * Lets the root file system be found by its label (its UUID is not known before it is made), checked and mounted for writing, from a partition as well as from a whole disk. FSTYPE lets
 * initramfs-tools (bookworm on) bring the check along, which cannot look up the label of a file system that is not made yet.
 */
export function fstabStep({ release, ramdisk }: ConfigureFacts): Step {
  const check =
    release.version >= 12 && ramdisk === 'initramfs-tools' ? writeFile('/etc/initramfs-tools/conf.d/image.conf', 'FSTYPE=ext4') : '';
  return {
    name: 'fstab',
    title: 'file systems',
    script: writeFile('/etc/fstab', `LABEL=${rootLabel} / ext4 errors=remount-ro 0 1`) + check,
  };
}
