import { type CpioFile, cpio } from '../cpio.ts';

/** The program that the kernel starts in place of the ramdisk's own (kernel-parameters, `rdinit`). */
export const earlyProgram = '/in-the-system';

export interface EarlyOptions {
  /** The root's device as the kernel names it, such as `vda1`. */
  readonly root: string;
  /** The disk that is a tar of the files of the run, such as `vdb`. */
  readonly files: string;
  /** Where those go inside the system, below /run; gone with the machine. */
  readonly folder: string;
  /** The script of `insideScript` among them. */
  readonly script: string;
}

/**
 * What goes before a ramdisk: an archive with a program that mounts the root and goes on inside it. It takes the ramdisk's modules, and
 * of its programs only `sh`, `mount`, `mkdir`, `mknod`, `modprobe` and `sleep`, which klibc (squeeze on), busybox and dracut all have. Before and not behind, for the kernel's unpackers differ
 * in what they make of bytes behind a compressed archive.
 */
export function earlyRamdisk(options: EarlyOptions): Buffer {
  const files: CpioFile[] = [{ name: earlyProgram.slice(1), mode: 0o100755, content: Buffer.from(earlyScript(options)) }];
  return cpio(files);
}

/** The line by which it says why the system cannot be entered. */
export const lostLine = /^::lost (.*)$/;

/** What that program does. PID 1 that ends is a panic, which ends the machine (`panic=1`). */
export function earlyScript({ root, files, folder, script }: EarlyOptions): string {
  return `#!/bin/sh
PATH=/sbin:/bin:/usr/sbin:/usr/bin
export PATH
system=/system
lost() { echo "::lost $1"; sleep 1; exit 1; }
# device NAME: waits for a disk, and makes its node where the kernel does not.
device() {
  tries=0
  while [ ! -e "/sys/class/block/$1/dev" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 30 ] || lost "there is no disk $1: the ramdisk has no driver for it"
    sleep 1
  done
  [ -b "/dev/$1" ] || { IFS=: read major minor < "/sys/class/block/$1/dev"; mknod "/dev/$1" b "$major" "$minor"; }
}
mkdir -p /proc /sys /dev "$system"
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev || {
  mount -t tmpfs -o mode=0755 tmpfs /dev
  umask 0
  for node in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0' 'console 5 1'; do
    set -- $node
    mknod "/dev/$1" c "$2" "$3"
  done
  umask 022
}
# built in, or not known to this kernel: what is missing in the end is told by what comes after
for module in virtio_pci virtio_mmio virtio_blk ext4; do modprobe "$module" 2>/dev/null || :; done
device ${root}
device ${files}
mount -t ext4 -o noatime /dev/${root} "$system" || lost "the root file system on ${root} cannot be mounted"
export MADE_RUN=
[ -d "$system/run" ] || { mkdir "$system/run"; MADE_RUN=yes; }
mount -t tmpfs -o mode=0755 tmpfs "$system/run"
mount -t proc proc "$system/proc"
mount -t sysfs -o ro sysfs "$system/sys"
mount -o bind /dev "$system/dev"
mkdir "$system${folder}"
# dracut's ramdisk with systemd has none, but the libraries that the system's own one needs
chroot=chroot
command -v "$chroot" > /dev/null || chroot=$system/usr/sbin/chroot
exec "$chroot" "$system" /bin/sh -c 'tar -x -f /dev/${files} -C ${folder} && exec /bin/sh ${folder}/${script}
echo "::lost the files of the run cannot be unpacked"
sleep 1'
`;
}
