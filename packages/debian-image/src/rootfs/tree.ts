import { workMount } from './namespace.ts';

/** Where the tree is inside the namespaces, and where it sees the files of the run (read-only). */
export const treeFolder = `${workMount}/tree`;
export const assetsFolder = '/run/debian-image';

/**
 * Unpacks the tar on standard input as the tree. Device nodes cannot be made in a user namespace and need not be: /dev is a
 * mount of its own in every running system.
 */
export const unpackTree = `mkdir ${treeFolder}
tar --extract --directory ${treeFolder} --numeric-owner --same-permissions --xattrs '--xattrs-include=*' --anchored --exclude './dev/*' --exclude 'dev/*'`;

/** tar with what makes a layer the same on every machine: no times younger than $epoch (`@SECONDS`), numbers for owners, all attributes. */
export const layerTar = `tar --create --format=pax --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --numeric-owner \\
  --xattrs '--xattrs-include=*' "--mtime=$epoch" --clamp-mtime`;

/** Gives the tree what programs expect of a system: proc, sys, devices, empty /run and /tmp, and the files of the run. */
export const mountTree = `cd ${treeFolder}
mkdir -p dev proc sys run tmp
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=0755,size=64m tmpfs dev
for node in null zero full random urandom tty; do
  : >dev/$node
  mount --bind /dev/$node dev/$node
done
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=0755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mkdir -p run/lock run${assetsFolder.slice('/run'.length)}
mount --bind "$scratch/assets" .${assetsFolder}
mount -o remount,bind,ro .${assetsFolder}
cd /`;

/** Takes away what mountTree gave. */
export const unmountTree = `umount --recursive --lazy ${treeFolder}/tmp ${treeFolder}/run ${treeFolder}/dev ${treeFolder}/sys ${treeFolder}/proc`;

/** The environment of programs in the tree: nothing of this machine's. Used as arguments of `env -i`. */
export function treeEnvironment(epoch: number): string[] {
  return [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'HOME=/root',
    'LC_ALL=C.UTF-8',
    'TERM=dumb',
    'TZ=UTC0',
    'DEBIAN_FRONTEND=noninteractive',
    'DEBCONF_NONINTERACTIVE_SEEN=true',
    `SOURCE_DATE_EPOCH=${epoch}`,
  ];
}
