import type { ConfigureFacts } from '../facts.ts';
import type { Step } from '../script.ts';

/**
 * Takes away what the installer leaves of its own run. It locks root in a way that some sshd take for a lock of its keys too; here as in a tree
 * (shadow(5)), and what `users` of image.json says of root comes later.
 */
export function installerStep({ disk }: ConfigureFacts): Step | undefined {
  if (disk === undefined) return undefined;
  return {
    name: 'installer',
    title: 'what the installer leaves',
    script: `rm -rf /var/log/installer
rm -f /etc/apt/apt.conf.d/00CDMountPoint /etc/apt/apt.conf.d/00trustcdrom /etc/apt/apt.conf.d/00AllowUnauthenticated
usermod -p '*' root`,
  };
}
