import type { ConfigureFacts } from '../facts.ts';
import type { Step } from '../script.ts';

type Tool = ConfigureFacts['initramfs'];

/** The programs that packages call to make an initial ramdisk. */
const programs: Readonly<Record<Tool, readonly string[]>> = {
  'initramfs-tools': ['/usr/sbin/update-initramfs'],
  dracut: ['/usr/sbin/update-initramfs', '/usr/bin/dracut'],
};

const stubMark = 'does nothing while the image is made';

/**
 * Sh that puts programs which do nothing in the place of those that make initial ramdisks: every kernel and many packages run them,
 * 4 s each time. Not by dpkg-divert, so that dpkg's database keeps no trace. Where nothing is installed yet it does nothing.
 */
export function divertInitramfs(tool: Tool): string {
  return loop(
    tool,
    `[ -x "$program" ] && ! grep -q '${stubMark}' "$program" || continue
  mv "$program" "$program.put-aside"
  printf '#!/bin/sh\\n# ${stubMark}\\nexit 0\\n' > "$program"
  chmod 755 "$program"`,
  );
}

/** Sh that puts the real programs back; one that an upgrade has written over the stand-in stays. */
export function restoreInitramfs(tool: Tool): string {
  return loop(
    tool,
    `[ -e "$program.put-aside" ] || continue
  if grep -q '${stubMark}' "$program"; then mv "$program.put-aside" "$program"; else rm "$program.put-aside"; fi`,
  );
}

function loop(tool: Tool, body: string): string {
  return `for program in ${programs[tool].join(' ')}; do\n  ${body}\ndone\n`;
}

export function divertStep({ initramfs }: ConfigureFacts): Step {
  return { name: 'put-aside', title: 'putting the initial ramdisk off to the end', script: divertInitramfs(initramfs) };
}

/** Makes the initial ramdisk of every kernel once. -u would refuse one that was changed (its checksums lie in /var/lib/initramfs-tools). */
export function initramfsStep({ initramfs }: ConfigureFacts): Step {
  const make =
    initramfs === 'dracut'
      ? 'dracut --force --no-hostonly --reproducible "/boot/initrd.img-$version" "$version"'
      : `rm -f "/boot/initrd.img-$version" "/var/lib/initramfs-tools/$version"
  update-initramfs -c -k "$version"`;
  return {
    name: 'initramfs',
    title: 'making the initial ramdisk',
    script: `${restoreInitramfs(initramfs)}for kernel in /boot/vmlinu[xz]-*; do
  [ -e "$kernel" ] || continue
  version=\${kernel#/boot/vmlinu?-}
  ${make}
done`,
  };
}
