import type { Image } from '../../../image/index.ts';
import type { ConfigureFacts } from '../facts.ts';
import { type Step, writeFile } from '../script.ts';

/**
 * Lets the root file system grow to its disk at every boot. A partition grows with sfdisk and partx, which can do so while it is mounted
 * from stretch on (util-linux 2.26, Linux 3.6); before, only a root file system that is a whole disk grows.
 */
export function growRootStep({ growRoot }: Image, { release }: ConfigureFacts): Step | undefined {
  if (!growRoot) return undefined;
  const path = '/usr/local/sbin/grow-root';
  return {
    name: 'grow-root',
    title: 'the root file system grows at boot',
    script: `[ -x /sbin/resize2fs ] || problem 'growRoot needs the package e2fsprogs, which is not in the image'
${release.growsPartitions ? noSfdisk : tooOld}${writeFile(path, program, '0755')}${release.init === 'systemd' ? systemd(path) : sysvinit(path)}`,
  };
}

const tooOld = `note 'on this release the root file system grows only where it is a whole disk, not a partition'\n`;
// In the package fdisk from buster on.
const noSfdisk = `[ -x /sbin/sfdisk ] || note 'without the package fdisk the root file system grows only where it is a whole disk, not a partition'\n`;

/**
 * What runs at boot, before much else: of a disk without partitions one program beside the shell. The fields of mountinfo are in proc(5), the name of
 * a device in its uevent (Linux 2.6.31 and newer); sizes in /sys/block are in sectors of 512 bytes.
 */
export const program = String.raw`#!/bin/sh
# Lets the root file system grow to the end of its disk. Does nothing where it reaches it.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin

# Reads what "sfdisk --dump" says: partition $1 gets all the room behind it, and the table may use the whole disk.
table_with_room_for() {
  sed -e '/^last-lba:/d' -e "\\|^$1 :|s/ size= *[0-9]*,//"
}

grow_partition() {
  system=$(readlink -f "$system")
  disk=$(basename "$(dirname "$system")")
  end=$(($(cat "$system/start") + $(cat "$system/size")))
  for start in "/sys/class/block/$disk"/*/start; do
    [ "$(cat "$start")" -lt "$end" ] || return 0
  done
  # A gap of 1 MiB is what alignment and the second table at the end of the disk may take.
  [ $(($(cat "/sys/class/block/$disk/size") - end)) -gt 2048 ] || return 0
  command -v sfdisk > /dev/null || { echo "grow-root: sfdisk is missing, so the partition stays as it is"; return 0; }
  table=$(sfdisk --dump "/dev/$disk" | table_with_room_for "$device")
  printf '%s\n' "$table" | sfdisk --quiet --force --no-reread --no-tell-kernel "/dev/$disk"
  partx --update --nr "$(cat "$system/partition")" "/dev/$disk"
}

while read -r _ _ number _ point _; do
  [ "$point" != / ] || system=/sys/dev/block/$number
done < /proc/self/mountinfo
while IFS='=' read -r key value; do
  [ "$key" != DEVNAME ] || device=/dev/$value
done < "$system/uevent"
if [ -e "$system/partition" ]; then grow_partition; fi
resize2fs "$device"
`;

// Before anything writes: ext4 keeps 2 % for itself (fs/ext4/super.c, ext4_calculate_resv_clusters), more than the slack of a small image.
function systemd(path: string): string {
  const unit = `[Unit]
Description=Let the root file system grow to its disk
DefaultDependencies=no
Conflicts=shutdown.target
After=systemd-remount-fs.service
Before=local-fs.target systemd-sysusers.service systemd-random-seed.service sysinit.target shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${path}

[Install]
WantedBy=local-fs.target`;
  return `${writeFile('/etc/systemd/system/grow-root.service', unit)}systemctl enable grow-root.service`;
}

function sysvinit(path: string): string {
  const script = `#!/bin/sh
### BEGIN INIT INFO
# Provides:          grow-root
# Required-Start:    $local_fs
# Required-Stop:
# X-Start-Before:    urandom
# Default-Start:     S
# Default-Stop:
# Short-Description: Let the root file system grow to its disk
### END INIT INFO
case "$1" in
  start) ${path} ;;
esac`;
  return `${writeFile('/etc/init.d/grow-root', script, '0755')}update-rc.d grow-root defaults`;
}
