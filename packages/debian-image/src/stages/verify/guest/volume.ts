import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { hotplugBus, type Machine, type MachineParts } from '../../../machine/index.ts';
import type { Finding } from '../check.ts';
import { rootPath } from './ask.ts';

const volumeBytes = 64 * 2 ** 20;
const serial = 'volume';

/** Waits for the disk by its serial number, makes a file system on it and looks whether a file is there after it was mounted anew. */
const useVolume = `${rootPath}
n=0 name=
while [ -z "$name" ]; do
  for disk in /sys/block/*; do [ "$(cat "$disk/serial" 2>/dev/null)" != ${serial} ] || name=\${disk##*/}; done
  [ $n -lt 30 ] || { echo 'it did not appear within 30 s'; exit 1; }
  [ -n "$name" ] || { n=$((n+1)); sleep 1; }
done
while [ ! -b "/dev/$name" ] && [ $n -lt 30 ]; do n=$((n+1)); sleep 1; done
command -v mkfs.ext4 > /dev/null || { echo "$name after $n s; there is no mkfs.ext4 to use it with"; exit; }
folder=$(mktemp -d) &&
mkfs.ext4 -q -F "/dev/$name" && mount "/dev/$name" "$folder" && echo kept > "$folder/file" && umount "$folder" &&
mount "/dev/$name" "$folder" && [ "$(cat "$folder/file")" = kept ] && umount "$folder" && rmdir "$folder" &&
echo "$name after $n s, mounted and written"`;

/** Plugs a volume into a running guest and has it used. `parts`: how the machine was started, with `hotplug`. */
export async function plugVolume(machine: Machine, parts: MachineParts, scratch: string, limitSeconds: number): Promise<Finding> {
  const path = join(scratch, 'volume');
  const file = await open(path, 'w');
  await file.truncate(volumeBytes).finally(() => file.close());
  await machine.qmp.plugDisk(path, serial, hotplugBus(parts));
  const { stdout, status } = await machine.ssh(`{ ${useVolume}\n} 2>&1`, limitSeconds);
  const value = stdout.trim() || 'nothing was said';
  const hint = 'The kernel must see that a PCI device comes: acpiphp or pciehp, a module of old kernels ("modules" of image.json).';
  return status === 0 ? { ok: true, value } : { ok: false, value, hint };
}
