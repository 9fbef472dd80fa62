import type { Release } from '../../debian/releases.ts';

/** What configuring has to know of the tree beside image.json. */
export interface ConfigureFacts {
  readonly release: Pick<Release, 'name' | 'version' | 'init' | 'persistentNetRules'>;
  /** The program that makes the initial ramdisk: dracut where the release prefers it. */
  readonly initramfs: 'initramfs-tools' | 'dracut';
}

/** The first serial port as the kernel names it, by architecture (Documentation/admin-guide/serial-console.rst and the drivers). */
export function serialConsole(arch: string): string {
  return { arm64: 'ttyAMA0', armhf: 'ttyAMA0', armel: 'ttyAMA0', ppc64el: 'hvc0', s390x: 'ttysclp0' }[arch] ?? 'ttyS0';
}
