import type { Command } from '../host/index.ts';
import { repositoryMount, repositorySource } from '../debian/archive/repository.ts';
import { inNamespaces, type NamespaceOptions, workMount } from './namespace.ts';
import { layerTar, treeFolder } from './tree.ts';

export interface BootstrapOptions {
  readonly namespace: NamespaceOptions;
  readonly suite: string;
  readonly architecture: string;
  /** Packages beside the essential and required ones. */
  readonly include: readonly string[];
  /** The folder that `writeRepository` made. */
  readonly repository: string;
  /** Files for the image's own apt: where each is on this machine, and its path in the image. */
  readonly aptFiles: readonly { readonly file: string; readonly path: string }[];
  /** The programs that make initial ramdisks. */
  readonly ramdiskPrograms: readonly string[];
  /** The most files that a program may have open; undefined leaves that to this machine. */
  readonly openFiles: number | undefined;
  readonly recommends: boolean;
  /** Seconds since 1970; no file in the layer is younger. */
  readonly epoch: number;
}

/** The name of the layer that planBootstrap leaves in the scratch folder. */
export const bootstrapLayer = 'rootfs.tar';

/**
 * mmdebstrap making a system from the repository alone and without network, and tar making a layer of it in the scratch folder.
 * Its own tar goes through a pipe of its own, which takes four times as long.
 */
export function planBootstrap(options: BootstrapOptions): Command {
  const { repository, aptFiles, include, ramdiskPrograms } = options;
  const limit = options.openFiles === undefined ? '' : `ulimit -n ${options.openFiles}\n`;
  const planned = inNamespaces(options.namespace, limit + inside, [
    repository,
    `@${options.epoch}`,
    String(aptFiles.length),
    ...aptFiles.map(({ file }) => file),
    '--mode=root',
    '--variant=minbase',
    '--verbose',
    '--format=directory',
    `--architectures=${options.architecture}`,
    // whether this machine runs them has been looked at; mmdebstrap would want the package arch-test for it
    '--skip=check/qemu',
    `--include=${include.join(',')}`,
    `--aptopt=APT::Install-Recommends "${options.recommends}"`,
    '--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount',
    `--essential-hook=${beforeThePackages(ramdiskPrograms)}`,
    `--customize-hook=${afterThePackages(
      ramdiskPrograms,
      aptFiles.map(({ path }) => path),
    )}`,
    options.suite,
    treeFolder,
    repositorySource,
  ]);
  return { ...planned, env: { SOURCE_DATE_EPOCH: String(options.epoch), TMPDIR: `${workMount}/work` } };
}

// The hooks know no path of this machine: the files for apt lie beside the tree as 1, 2, ...
const inside = `mkdir ${workMount}/work ${repositoryMount} ${workMount}/apt
mount --bind "$1" ${repositoryMount}
epoch=$2
count=$3
shift 3
number=0
while [ $number -lt $count ]; do
  number=$((number + 1))
  cp "$1" ${workMount}/apt/$number
  shift
done
mmdebstrap "$@"
# its nodes are there only where we are root; every running system has a /dev of its own
find ${treeFolder}/dev -mindepth 1 -delete
touch --date "$epoch" ${treeFolder}/dev
exec ${layerTar} --sort=name --directory ${treeFolder} --file "$scratch/${bootstrapLayer}" .`;

// Every kernel and many packages ask for a new ramdisk, and 4 seconds go each time: one at the end of configure is enough.
// Host keys would be made only to be thrown away. mmdebstrap has copied the names of this machine and of its servers, which packages would keep.
const beforeThePackages = (programs: readonly string[]): string => String.raw`set -eu
rm -f "$1/etc/hostname" "$1/etc/resolv.conf"
mkdir -p "$1/etc/ssh"
for type in rsa ecdsa ed25519; do : >"$1/etc/ssh/ssh_host_"$type"_key"; done
for program in ${programs.join(' ')}; do
  chroot "$1" dpkg-divert --quiet --local --rename --divert "$program.diverted" --add "$program"
  printf '#!/bin/sh\nexit 0\n' >"$1$program"
  chmod 755 "$1$program"
done`;

const afterThePackages = (programs: readonly string[], paths: readonly string[]): string =>
  [
    `set -eu
rm -f "$1"/etc/ssh/ssh_host_*_key
for program in ${programs.join(' ')}; do
  rm -f "$1$program"
  chroot "$1" dpkg-divert --quiet --local --rename --remove "$program"
done
rmdir --ignore-fail-on-non-empty "$1/etc/ssh"
rmdir "$1${repositoryMount}"
rm -f "$1/etc/apt/sources.list" "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/resolv.conf"`,
    ...paths.map((path, index) => `cp ${workMount}/apt/${index + 1} "$1/${path}"\nchmod 644 "$1/${path}"`),
  ].join('\n');
