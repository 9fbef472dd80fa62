import type { Architecture } from './names.ts';

/** Architectures whose first serial port is not called ttyS0 (Linux, Documentation/admin-guide/serial-console.rst and the drivers). */
const otherPorts: Readonly<Partial<Record<Architecture, string>>> = {
  arm64: 'ttyAMA0',
  armhf: 'ttyAMA0',
  armel: 'ttyAMA0',
  ppc64el: 'hvc0',
  s390x: 'ttysclp0',
};

/** The first serial port of an architecture, as its kernel names it. */
export function serialConsole(arch: Architecture): string {
  return otherPorts[arch] ?? 'ttyS0';
}

/** The consoles on the command line that Nova gives a kernel. */
const cloudConsoles = 'console=tty0 console=ttyS0 console=hvc0';

/** The same as words of a command line; a serial port of another name comes before them, so that it is heard from the kernel's first line on. */
export function consolesFor(arch: Architecture): string {
  const port = `console=${serialConsole(arch)}`;
  return cloudConsoles.includes(`${port} `) ? cloudConsoles : `${port} ${cloudConsoles}`;
}
