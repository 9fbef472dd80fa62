/** The program that makes the initial ramdisk, by its package. */
export type RamdiskTool = 'initramfs-tools' | 'dracut';

/** The programs that kernels and other packages call to have one made. */
export const ramdiskPrograms: Readonly<Record<RamdiskTool, readonly string[]>> = {
  'initramfs-tools': ['/usr/sbin/update-initramfs'],
  dracut: ['/usr/sbin/update-initramfs', '/usr/bin/dracut'],
};

/** The tool of an image: the one that it names among its packages (they conflict with each other), else that of the release. */
export function ramdiskTool(release: { readonly ramdisk: RamdiskTool }, packages: readonly string[]): RamdiskTool {
  const named = packages.find((name): name is RamdiskTool => name in ramdiskPrograms);
  return named ?? release.ramdisk;
}
