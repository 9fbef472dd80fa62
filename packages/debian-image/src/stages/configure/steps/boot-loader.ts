import type { Image } from '../../../image/index.ts';
import { serialConsole } from '../../../debian/serial-console.ts';
import type { ConfigureFacts } from '../facts.ts';
import type { Step } from '../script.ts';

/** Has GRUB, where the installer has put it on the disk, and the kernel that it starts speak on the serial port too, and find the new ramdisks. */
export function bootLoaderStep({ arch, console }: Image, { disk }: ConfigureFacts): Step | undefined {
  if (disk === undefined) return undefined;
  return {
    name: 'boot-loader',
    title: 'the boot loader',
    script: `[ -x /usr/sbin/update-grub ] && [ -f /etc/default/grub ] || exit 0
setting() {
  sed -i "/^#*$1=/d" /etc/default/grub
  printf '%s=%s\\n' "$1" "$2" >> /etc/default/grub
}
# it would start systems of this machine's other disks
setting GRUB_DISABLE_OS_PROBER true
${console === 'none' ? '' : speak(serialConsole(arch))}/usr/sbin/update-grub`,
  };
}

// The command line is what the installer was given beside its consoles; it is read as the shell code that it is.
function speak(port: string): string {
  return `words=$(set +eu; . /etc/default/grub; printf '%s\\n' "$GRUB_CMDLINE_LINUX" | sed 's/console=[^ ]*//g; s/^ *//; s/ *$//')
setting GRUB_CMDLINE_LINUX "\\"\${words:+$words }console=tty0 console=${port},115200\\""
setting GRUB_TERMINAL '"console serial"'
setting GRUB_SERIAL_COMMAND '"serial --speed=115200 --unit=0"'
`;
}
