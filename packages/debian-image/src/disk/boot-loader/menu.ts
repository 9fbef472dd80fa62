/** What GRUB starts: paths in the root file system. */
export interface BootPaths {
  readonly kernel: string;
  readonly ramdisk: string;
}

/** The links that Debian's kernel packages keep at their newest version, and at the one before. */
export const kernelLinks: BootPaths = { kernel: '/vmlinuz', ramdisk: '/initrd.img' };

export interface MenuOptions {
  readonly rootUuid: string;
  /** What it starts; `kernelLinks` where it is no longer there. */
  readonly boot: BootPaths;
  /** Words of the kernel's command line behind `root=`. */
  readonly commandLine: string;
}

/**
 * grub.cfg. It finds the root by its UUID, wherever the disk is. A root with a grub.cfg of its own, which an `update-grub` in the instance has
 * written, decides itself. Otherwise the links are started, so that a new kernel is without anybody telling GRUB. Shift or Esc shows the menu.
 * The serial port is GRUB's own only under BIOS: UEFI's console is there already.
 */
export function grubMenu({ rootUuid, boot, commandLine }: MenuOptions): string {
  const entry = (title: string, { kernel, ramdisk }: BootPaths): string =>
    `menuentry '${title}' {\n  linux ${kernel} root=UUID=${rootUuid} ${commandLine}\n  initrd ${ramdisk}\n}\n`;
  return `search --no-floppy --fs-uuid --set=root ${rootUuid}
if [ "$grub_platform" = pc ]; then
  if serial --unit=0 --speed=115200; then
    terminal_input --append serial
    terminal_output --append serial
  fi
fi
if [ -s /boot/grub/grub.cfg ]; then
  set prefix=($root)/boot/grub
  configfile /boot/grub/grub.cfg
fi
set kernel=${boot.kernel}
set ramdisk=${boot.ramdisk}
if [ ! -e $kernel ]; then
  set kernel=${kernelLinks.kernel}
  set ramdisk=${kernelLinks.ramdisk}
fi
set timeout_style=hidden
set timeout=1
${entry('Debian', { kernel: '$kernel', ramdisk: '$ramdisk' })}${entry('Debian with the kernel before', {
    kernel: `${kernelLinks.kernel}.old`,
    ramdisk: `${kernelLinks.ramdisk}.old`,
  })}`;
}
