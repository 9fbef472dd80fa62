import { assetsFolder } from './tree.ts';

export interface ExtendOptions {
  /** The packages to ask for. */
  readonly wanted: readonly string[];
  readonly recommends: boolean;
}

/** Where the repository lies among the assets of the run. */
export const repositoryFolder = 'repository';

/** The line by which the script says that a package has asked for a new initial ramdisk. */
export const ramdiskLine = '::ramdisk';

/**
 * A script that installs packages in a tree with the tree's own apt, from the repository among the assets alone. Initial ramdisks are not
 * made; it says instead whether one is due. What differs from run to run, or would belong to this machine, it leaves behind.
 */
export function extendScript({ wanted, recommends }: ExtendOptions): string {
  const options = [
    'Dir::Etc::SourceList=/tmp/sources.list',
    'Dir::Etc::SourceParts=/dev/null',
    'Dir::State::Lists=/tmp/lists',
    'Dir::Cache=/tmp/cache',
    'APT::Sandbox::User=root',
    `APT::Install-Recommends=${recommends}`,
    'Acquire::Languages=none',
    'Dpkg::Use-Pty=0',
    'Dpkg::Options::=--force-confold',
  ];
  return `${before}
echo 'deb [trusted=yes] file://${assetsFolder}/${repositoryFolder} ./' >/tmp/sources.list
mkdir -p /tmp/lists/partial /tmp/cache/archives/partial
apt() { apt-get --quiet --yes ${options.map((option) => `--option ${option}`).join(' ')} "$@"; }
apt update
apt install ${wanted.join(' ')}
${after}`;
}

const programs = '/usr/sbin/update-initramfs /usr/bin/dracut';

// As in a bootstrap, host keys would be made only to be thrown away.
const before = `set -eu
for program in ${programs}; do
  [ -x "$program" ] || continue
  mv "$program" "$program.put-aside"
  printf '#!/bin/sh\\n# put aside\\n: >/tmp/ramdisk\\n' >"$program"
  chmod 755 "$program"
done
had_ssh=no
[ ! -d /etc/ssh ] || had_ssh=yes
mkdir -p /etc/ssh
for type in rsa ecdsa ed25519; do : >"/etc/ssh/ssh_host_\${type}_key"; done`;

const after = String.raw`
for program in ${programs}; do
  [ -e "$program.put-aside" ] || continue
  if grep -q '^# put aside$' "$program"; then mv "$program.put-aside" "$program"; else rm "$program.put-aside"; fi
done
[ ! -e /tmp/ramdisk ] || echo ${ramdiskLine}
rm -f /etc/ssh/ssh_host_*_key
[ "$had_ssh" = yes ] || rmdir --ignore-fail-on-non-empty /etc/ssh
rm -f /var/log/dpkg.log /var/log/alternatives.log /var/log/fontconfig.log /var/log/apt/*.log* /var/log/apt/*.xz
find /var/log -type f -size +0 -exec sh -c 'for log; do : >"$log"; done' sh {} +
rm -f /var/cache/ldconfig/aux-cache /var/cache/debconf/*-old /var/lib/dpkg/*-old
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
[ ! -s /etc/machine-id ] || : >/etc/machine-id
[ -L /var/lib/dbus/machine-id ] || rm -f /var/lib/dbus/machine-id
sed -i 's/^\([^:]*:[^:]*\):[0-9]*:/\1::/' /etc/shadow`;
