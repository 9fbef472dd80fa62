import type { ConfigureFacts } from '../facts.ts';
import { type Step, writeFile } from '../script.ts';

/**
 * Lets every machine make SSH host keys of its own at its first boot, since the cleanup removes those of the image. The
 * sshd-keygen.service of trixie does not do for this: it waits for ConditionFirstBoot, which an empty machine-id does not meet
 * (machine-id(5)). `ssh-keygen -A` came with OpenSSH 5.9 (wheezy).
 */
export function sshHostKeysStep({ release }: ConfigureFacts): Step {
  const service = release.init === 'systemd' ? systemd : sysvinit(release.makesAllHostKeys ? 'ssh-keygen -A' : squeezeKeys);
  return {
    name: 'ssh-host-keys',
    title: 'SSH host keys at the first boot',
    script: `[ -x /usr/sbin/sshd ] || exit 0\n${service}`,
  };
}

// As early as the root can be written, for it takes seconds without KVM. The key that is made last up to trixie says whether all are there.
const systemd = `${writeFile(
  '/etc/systemd/system/ssh-host-keys.service',
  `[Unit]
Description=Make the SSH host keys of this machine
DefaultDependencies=no
After=local-fs.target
Before=ssh.service ssh.socket shutdown.target
Conflicts=shutdown.target
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A

[Install]
WantedBy=multi-user.target`,
)}systemctl enable ssh-host-keys.service`;

const squeezeKeys = `for type in rsa dsa; do
      key=/etc/ssh/ssh_host_\${type}_key
      [ -e "$key" ] || ssh-keygen -q -t "$type" -N '' -f "$key"
    done`;

function sysvinit(makeKeys: string): string {
  const script = `#!/bin/sh
### BEGIN INIT INFO
# Provides:          ssh-host-keys
# Required-Start:    $remote_fs
# Required-Stop:
# X-Start-Before:    ssh
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: Make the SSH host keys of this machine
### END INIT INFO
case "$1" in
  start)
    [ ! -e /etc/ssh/ssh_host_rsa_key ] || exit 0
    ${makeKeys}
    ;;
esac`;
  return `${writeFile('/etc/init.d/ssh-host-keys', script, '0755')}update-rc.d ssh-host-keys defaults`;
}
