import type { ConfigureFacts } from '../facts.ts';
import type { Step } from '../script.ts';

/** Removes what only the making of the image has left, what every machine must have of its own, and what differs between two runs. */
export function cleanupStep({ release }: ConfigureFacts): Step {
  return {
    name: 'cleanup',
    title: 'cleaning up',
    script: String.raw`# empty FOLDER...: everything in it goes, the folder stays.
empty() {
  for folder in "$@"; do
    [ ! -d "$folder" ] || find "$folder" -xdev -mindepth 1 -depth -delete
  done
}
# files FOLDER TEST...: the plain files that the tests of find(1) choose go.
files() {
  [ ! -d "$1" ] || find "$@" -type f -exec rm -f {} +
}

# Packages and their databases.
files /var/lib/apt/lists
files /var/cache/apt
files /var/lib/dpkg -name '*-old'
files /var/cache/debconf -name '*-old'
files /etc -name '*.dpkg-old'
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
rm -f /var/cache/ldconfig/aux-cache
files /var/cache/man

# Logs: those that programs expect stay, empty.
empty /var/log/journal
files /var/log '(' -name '*.gz' -o -name '*.[0-9]' -o -name '*.old' ')'
rm -f /var/log/bootstrap.log /var/log/dpkg.log /var/log/alternatives.log /var/log/fontconfig.log /var/log/apt/*.log* /var/log/apt/*.xz
find /var/log -type f -size +0 -exec sh -c 'for log; do : > "$log"; done' sh {} +

# What people and machines leave.
empty /tmp /var/tmp
rm -f /root/.*_history /home/*/.*_history /root/.lesshst /root/.viminfo /root/.wget-hsts
rm -f /etc/udev/rules.d/70-persistent-net.rules /etc/udev/rules.d/70-persistent-cd.rules
files /var/lib/dhcp
files /var/lib/dhcp3
files /var/lib/dhcpcd
rm -f /var/lib/systemd/random-seed /var/lib/systemd/credential.secret /var/lib/urandom/random-seed
rm -f /etc/ssh/ssh_host_*

${release.init === 'systemd' ? machineId : dbusMachineId}
# The day on which a password was set is the day of the build: forget it. No password here ever expires.
sed -i 's/^\([^:]*:[^:]*\):[0-9]*:/\1::/' /etc/shadow

# Only a file of the tree, never one that is mounted over it; a link belongs to systemd-resolved, whose package keeps the file before.
rm -f /etc/.resolv.conf.systemd-resolved.bak
if [ ! -L /etc/resolv.conf ] && ! grep -q ' /etc/resolv.conf ' /proc/mounts; then
  rm -f /etc/resolv.conf
  : > /etc/resolv.conf
fi`,
  };
}

// machine-id(5): an empty one is filled at the first boot; the one of D-Bus is then the same.
const machineId = `: > /etc/machine-id
[ ! -d /var/lib/dbus ] || ln -sfn /etc/machine-id /var/lib/dbus/machine-id
`;
// dbus-uuidgen(1): its init script makes one that is missing.
const dbusMachineId = `rm -f /var/lib/dbus/machine-id
`;
