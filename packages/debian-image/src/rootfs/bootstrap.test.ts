import { expect, it } from 'vitest';
import { command } from '../host/index.ts';
import { type BootstrapOptions, planBootstrap } from './bootstrap.ts';
import { inNamespaces } from './namespace.ts';

const namespace = { root: false, memoryBytes: 1 << 30, scratch: '/scratch', hostname: 'debian' };
const options: BootstrapOptions = {
  namespace,
  suite: 'bookworm',
  architecture: 'amd64',
  include: ['init', 'vim'],
  repository: '/scratch/repository',
  aptFiles: [
    { file: '/scratch/apt-0', path: 'etc/apt/sources.list' },
    { file: '/scratch/apt-1', path: 'etc/apt/apt.conf.d/50archived-release' },
  ],
  ramdiskPrograms: ['/usr/sbin/update-initramfs', '/usr/bin/dracut'],
  openFiles: 1024,
  recommends: false,
  epoch: 1_600_000_000,
};

it('plans mmdebstrap from the repository alone, making a layer', () => {
  const planned = planBootstrap(options);
  const [script, ...rest] = planned.args.slice(planned.args.indexOf('-euc') + 1);
  expect(script).toMatch(
    /\nulimit -n 1024\nmkdir \/mnt\/work \/mnt\/repository \/mnt\/apt\nmount --bind "\$1" \/mnt\/repository\nepoch=\$2\n.*\nmmdebstrap "\$@"\n.*\nexec tar .* --sort=name .* \.$/s,
  );
  expect(rest.map((word) => word.replace(/^(--(?:essential|customize)-hook=).*$/s, '$1'))).toEqual([
    'inside',
    '1073741824',
    '/scratch',
    'debian',
    '/scratch/repository',
    '@1600000000',
    '2',
    '/scratch/apt-0',
    '/scratch/apt-1',
    '--mode=root',
    '--variant=minbase',
    '--verbose',
    '--format=directory',
    '--architectures=amd64',
    '--skip=check/qemu',
    '--include=init,vim',
    '--aptopt=APT::Install-Recommends "false"',
    '--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount',
    '--essential-hook=',
    '--customize-hook=',
    'bookworm',
    '/mnt/tree',
    'deb [trusted=yes] file:///mnt/repository ./',
  ]);
  const inside = script!.slice(script!.indexOf('ulimit'));
  expect(planned).toEqual(
    command('unshare', inNamespaces(namespace, inside, rest.slice(4)).args, {
      env: { SOURCE_DATE_EPOCH: '1600000000', TMPDIR: '/mnt/work' },
    }),
  );
});

it('makes the ramdisk and host keys wait, and leaves no trace of the build', () => {
  const hooks = planBootstrap(options).args.filter((word) => /^--\w+-hook=/.test(word));
  expect(hooks).toEqual([
    String.raw`--essential-hook=set -eu
rm -f "$1/etc/hostname" "$1/etc/resolv.conf"
mkdir -p "$1/etc/ssh"
for type in rsa ecdsa ed25519; do : >"$1/etc/ssh/ssh_host_"$type"_key"; done
for program in /usr/sbin/update-initramfs /usr/bin/dracut; do
  chroot "$1" dpkg-divert --quiet --local --rename --divert "$program.diverted" --add "$program"
  printf '#!/bin/sh\nexit 0\n' >"$1$program"
  chmod 755 "$1$program"
done`,
    `--customize-hook=set -eu
rm -f "$1"/etc/ssh/ssh_host_*_key
for program in /usr/sbin/update-initramfs /usr/bin/dracut; do
  rm -f "$1$program"
  chroot "$1" dpkg-divert --quiet --local --rename --remove "$program"
done
rmdir --ignore-fail-on-non-empty "$1/etc/ssh"
rmdir "$1/mnt/repository"
rm -f "$1/etc/apt/sources.list" "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/resolv.conf"
cp /mnt/apt/1 "$1/etc/apt/sources.list"
chmod 644 "$1/etc/apt/sources.list"
cp /mnt/apt/2 "$1/etc/apt/apt.conf.d/50archived-release"
chmod 644 "$1/etc/apt/apt.conf.d/50archived-release"`,
  ]);
});
