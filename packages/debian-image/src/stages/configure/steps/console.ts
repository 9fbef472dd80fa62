import type { Image } from '../../../image/index.ts';
import { serialConsole } from '../../../debian/serial-console.ts';
import type { ConfigureFacts } from '../facts.ts';
import { type Step, writeFile } from '../script.ts';

/** A login prompt on the serial port: by systemd from jessie on, by /etc/inittab before (serial-getty@.service; inittab(5)). */
export function consoleStep({ arch, console }: Image, { release }: ConfigureFacts): Step | undefined {
  if (console === 'none') return undefined;
  const port = serialConsole(arch);
  const script =
    release.init === 'systemd'
      ? `${atOnce}systemctl enable serial-getty@${port}.service`
      : `grep -q '^T0:' /etc/inittab || printf '%s\\n' 'T0:23:respawn:/sbin/getty -L ${port} 115200 vt100' >> /etc/inittab
grep -qx ${port} /etc/securetty || printf '%s\\n' ${port} >> /etc/securetty`;
  return { name: 'console', title: `login on ${port}`, script };
}

/**
 * The prompt does not wait until nothing else is starting, for 5 s at most, so that no message of the start gets between it and what is typed
 * (systemd.service(5), Type=idle): host keys are made for longer than that at the first start without KVM, and a console is mostly read.
 */
const atOnce = writeFile(
  '/etc/systemd/system/serial-getty@.service.d/at-once.conf',
  `[Service]
Type=simple`,
);
