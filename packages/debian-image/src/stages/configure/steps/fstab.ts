import type { ConfigureFacts } from '../facts.ts';
import { type Step, writeFile } from '../script.ts';

/** The label that the convert stage gives to the root file system; its UUID is not known before the file system is made. */
export const rootLabel = 'root';

/**
 * Lets the root file system be checked and mounted for writing, from a partition as well as from a whole disk. FSTYPE lets
 * initramfs-tools (bookworm on) bring the check along, which cannot look up the label of a file system that is not made yet.
 */
export function fstabStep({ release, initramfs }: ConfigureFacts): Step {
  const check =
    release.version >= 12 && initramfs === 'initramfs-tools' ? writeFile('/etc/initramfs-tools/conf.d/image.conf', 'FSTYPE=ext4') : '';
  return {
    name: 'fstab',
    title: 'file systems',
    script: writeFile('/etc/fstab', `LABEL=${rootLabel} / ext4 errors=remount-ro 0 1`) + check,
  };
}
