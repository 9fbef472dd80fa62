import { ramdiskPrograms, type RamdiskTool } from '../../../debian/ramdisk.ts';
import type { ConfigureFacts } from '../facts.ts';
import { type Step, writeFile } from '../script.ts';

const stubMark = 'does nothing while the image is made';

/**
 * Sh that puts programs which do nothing in the place of those that make initial ramdisks: every kernel and many packages run them,
 * 4 s each time. Not by dpkg-divert, so that dpkg's database keeps no trace. Where nothing is installed yet it does nothing.
 */
export function divertInitramfs(tool: RamdiskTool): string {
  return loop(
    tool,
    `[ -x "$program" ] && ! grep -q '${stubMark}' "$program" || continue
  mv "$program" "$program.put-aside"
  printf '#!/bin/sh\\n# ${stubMark}\\nexit 0\\n' > "$program"
  chmod 755 "$program"`,
  );
}

/** Sh that puts the real programs back; one that an upgrade has written over the stand-in stays. */
export function restoreInitramfs(tool: RamdiskTool): string {
  return loop(
    tool,
    `[ -e "$program.put-aside" ] || continue
  if grep -q '${stubMark}' "$program"; then mv "$program.put-aside" "$program"; else rm "$program.put-aside"; fi`,
  );
}

function loop(tool: RamdiskTool, body: string): string {
  return `for program in ${ramdiskPrograms[tool].join(' ')}; do\n  ${body}\ndone\n`;
}

export function divertStep({ ramdisk }: ConfigureFacts): Step {
  return { name: 'put-aside', title: 'putting the initial ramdisk off to the end', script: divertInitramfs(ramdisk) };
}

/** Makes the initial ramdisk of every kernel. */
export function initramfsStep({ ramdisk }: ConfigureFacts): Step {
  const settings = ramdisk === 'dracut' ? dracutSettings : '';
  return { name: 'initramfs', title: 'making the initial ramdisk', script: restoreInitramfs(ramdisk) + settings + makeAll(ramdisk) };
}

/** Notes what initial ramdisks are made of, before the user's own steps, and puts their making off. */
export function watchStep({ ramdisk }: ConfigureFacts): Step {
  return {
    name: 'watch',
    title: 'noting what the initial ramdisk is made of',
    script: `${fingerprint(ramdisk)}fingerprint > ${noted}\n${divertInitramfs(ramdisk)}`,
  };
}

/** Makes the initial ramdisks again where the user's own steps changed something that they could be made of. */
export function renewStep({ ramdisk }: ConfigureFacts): Step {
  return {
    name: 'initramfs',
    title: 'the initial ramdisk',
    script: `${restoreInitramfs(ramdisk)}${fingerprint(ramdisk)}if fingerprint | cmp -s - ${noted}; then
  note 'stays: nothing that it is made of has changed'
  exit 0
fi
note 'is made again'
${makeAll(ramdisk)}`,
  };
}

const noted = '/tmp/initramfs.noted';

/** Places that no hook of initramfs-tools or dracut takes anything from; all else counts. */
const apart = `/boot /home /opt /srv /tmp /var/cache /var/lib/apt /var/log /var/mail /var/spool /var/tmp /var/www
  /usr/share/doc /usr/share/info /usr/share/locale /usr/share/man /usr/lib/locale /usr/local/share /usr/local/src
  /etc/issue /etc/issue.net /etc/motd /etc/update-motd.d /etc/profile.d /etc/skel /etc/ssh /etc/cron.d`.split(/\s+/);

/** Sh that defines a function for the names, inodes and change times of all files that count; the latter nobody can set back. */
function fingerprint(tool: RamdiskTool): string {
  const paths = [...apart, ...ramdiskPrograms[tool].flatMap((program) => [program, `${program}.put-aside`])];
  return `fingerprint() {
  find / -xdev '(' ${paths.map((path) => `-path ${path}`).join(' -o ')} ')' -prune -o ! -type d -printf '%i %C@ %p\\n' | LC_ALL=C sort
}
`;
}

/**
 * A file, so that a kernel that comes later gets the same: for any machine, not the one that builds, and for disks alone, since an
 * instance's root is one (dracut.conf(5); no-network is a drop-in of dracut's own).
 */
const dracutSettings = writeFile(
  '/etc/dracut.conf.d/image.conf',
  `hostonly="no"
reproducible="yes"
compress="zstd"
omit_dracutmodules+=" net-lib systemd-networkd "`,
);

/**
 * -u would refuse one that was changed: its checksums lie in /var/lib/initramfs-tools. zstd gives the same bytes with any number of
 * threads. dracut makes no device nodes, which the root of a user namespace may not: the kernel has the console by itself.
 */
function makeAll(tool: RamdiskTool): string {
  const make =
    tool === 'dracut'
      ? 'DRACUT_NO_MKNOD=1 dracut --quiet --force "/boot/initrd.img-$version" "$version"'
      : `rm -f "/boot/initrd.img-$version" "/var/lib/initramfs-tools/$version"
  ZSTD_NBTHREADS=0 update-initramfs -c -k "$version"`;
  return `for kernel in /boot/vmlinu[xz]-*; do
  [ -e "$kernel" ] || continue
  version=\${kernel#/boot/vmlinu?-}
  ${make}
done`;
}
