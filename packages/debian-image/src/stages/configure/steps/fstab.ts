import { rootLabel } from '../../../disk/ext4/mke2fs.ts';
import type { ConfigureFacts, DiskFacts } from '../facts.ts';
import { type Step, writeFile } from '../script.ts';

/**
 * Lets the root file system be found by its label (its UUID is not known before it is made), checked and mounted for writing, from a partition as well as from a whole disk. FSTYPE lets
 * initramfs-tools (bookworm on) bring the check along, which cannot look up the label of a file system that is not made yet.
 */
export function fstabStep({ release, ramdisk, disk }: ConfigureFacts): Step {
  if (disk !== undefined) return { name: 'fstab', title: 'file systems', script: installed(disk) };
  const check =
    release.version >= 12 && ramdisk === 'initramfs-tools' ? writeFile('/etc/initramfs-tools/conf.d/image.conf', 'FSTYPE=ext4') : '';
  return {
    name: 'fstab',
    title: 'file systems',
    script: writeFile('/etc/fstab', `LABEL=${rootLabel} / ext4 errors=remount-ro 0 1`) + check,
  };
}

/**
 * On a disk the installer's table stays, but for what an instance does not have: swap, which it would wait for, and other partitions where
 * only the root is taken to a cloud. The root is found by its UUID, which it keeps.
 */
function installed({ rootUuid }: DiskFacts): string {
  return `table=$(awk -v root='UUID=${rootUuid}' '
  /^#.* was on / || $3 == "swap" { next }
  /^[ \\t]*(#|$)/ { print; next }
  $2 == "/" { $1 = root; found = 1; print; next }
  ("," $4 ",") !~ /,(noauto|nofail),/ { $4 = $4 ",nofail" }
  { print }
  END { if (!found) print root " / ext4 errors=remount-ro 0 1" }' /etc/fstab)
printf '%s\\n' "$table" > /etc/fstab
rm -f /etc/initramfs-tools/conf.d/resume`;
}
