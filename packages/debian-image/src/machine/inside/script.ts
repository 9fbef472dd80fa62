import { quote } from '../../host/index.ts';

export interface InsideOptions {
  /** Where the files of the run are. */
  readonly folder: string;
  /** The script to run, by its name among them; it is given their folder. */
  readonly script: string;
  /** `NAME=value`: all variables that it sees. */
  readonly environment: readonly string[];
  readonly hostname: string;
  /** The root's device, such as `vda1`, and the UUID of its file system, by which boot loaders look for it. */
  readonly root: { readonly device: string; readonly uuid: string };
}

/** The line with which the script begins to speak; before it the kernel does. */
export const beganLine = '::began';

/** The line that says how the script ended: `::ended STATUS`, once the file system is whole. */
export const endedLine = /^::ended (\d+)$/;

/**
 * What runs as PID 1 in the root, where the early program has mounted it: gives the system what a running one has without starting
 * anything of it, runs the script as the bootstrap way does, leaves the file system clean and ends the machine.
 */
export function insideScript({ folder, script, environment, hostname, root }: InsideOptions): string {
  return `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022
cd /
# the console is for the script and for a panic
echo 1 > /proc/sys/kernel/printk
echo ${quote(hostname)} > /proc/sys/kernel/hostname
for link in 'fd /proc/self/fd' 'stdin fd/0' 'stdout fd/1' 'stderr fd/2'; do
  set -- $link
  [ -e "/dev/$1" ] || ln -s "$2" "/dev/$1"
done
# -n: up to wheezy mount(8) keeps a list in /etc/mtab, which would stay
mkdir -p /dev/pts /dev/shm /run/lock /dev/disk/by-uuid
mount -n -t devpts -o mode=0620,gid=5 devpts /dev/pts
mount -n -t tmpfs -o mode=1777 tmpfs /dev/shm
# udev's work: without it update-grub would name the root by a device that differs from machine to machine
ln -s ../../${root.device} /dev/disk/by-uuid/${root.uuid}

policy=/usr/sbin/policy-rc.d
had_policy=no
if [ -e "$policy" ]; then had_policy=yes; else printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"; fi

# Through a pipe, so that no program takes the console for somebody who watches and answers.
mkfifo /run/said
cat < /run/said &
listener=$!
echo ${beganLine}
status=0
env -i ${environment.map(quote).join(' ')} /bin/sh ${folder}/${quote(script)} ${folder} < /dev/null > /run/said 2>&1 || status=$?

# what it left running would go on writing; twice, for one may have started another
for pass in 1 2; do
  for process in /proc/[0-9]*; do
    case \${process#/proc/} in 1 | "$listener") ;; *) kill -KILL "\${process#/proc/}" 2> /dev/null ;; esac
  done
done
wait "$listener"
[ $had_policy = yes ] || rm -f "$policy"
umount -n -l /run
[ -z "$MADE_RUN" ] || rmdir /run
sync
if mount -n -o remount,ro /; then echo "::ended $status"; else echo '::lost the root file system is still being written to'; fi
# let the console say it
sleep 1
echo b > /proc/sysrq-trigger
sleep 60
`;
}
