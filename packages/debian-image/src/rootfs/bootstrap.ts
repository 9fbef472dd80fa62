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
  /** A file for the image's own apt: where it is on this machine, and its path in the image. */
  readonly sources: { readonly file: string; readonly path: string };
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
  const { repository, sources, include } = options;
  const planned = inNamespaces(options.namespace, inside, [
    repository,
    sources.file,
    `@${options.epoch}`,
    '--mode=root',
    '--variant=minbase',
    '--verbose',
    '--format=directory',
    `--architectures=${options.architecture}`,
    `--include=${include.join(',')}`,
    `--aptopt=APT::Install-Recommends "${options.recommends}"`,
    '--hook-dir=/usr/share/mmdebstrap/hooks/file-mirror-automount',
    `--essential-hook=${beforeThePackages}`,
    `--customize-hook=${afterThePackages(sources.path)}`,
    options.suite,
    treeFolder,
    repositorySource,
  ]);
  return { ...planned, env: { SOURCE_DATE_EPOCH: String(options.epoch), TMPDIR: `${workMount}/work` } };
}

const inside = `mkdir ${workMount}/work ${repositoryMount}
mount --bind "$1" ${repositoryMount}
cp "$2" ${workMount}/sources
epoch=$3
shift 3
mmdebstrap "$@"
# its nodes are there only where we are root; every running system has a /dev of its own
find ${treeFolder}/dev -mindepth 1 -delete
touch --date "$epoch" ${treeFolder}/dev
exec ${layerTar} --sort=name --directory ${treeFolder} --file "$scratch/${bootstrapLayer}" .`;

// Every kernel and many packages ask for a new ramdisk, and 4 seconds go each time: one at the end of configure is enough.
// Host keys would be made only to be thrown away.
const beforeThePackages = String.raw`set -eu
mkdir -p "$1/etc/ssh"
for type in rsa ecdsa ed25519; do : >"$1/etc/ssh/ssh_host_"$type"_key"; done
chroot "$1" dpkg-divert --quiet --local --rename --divert /usr/sbin/update-initramfs.diverted --add /usr/sbin/update-initramfs
printf '#!/bin/sh\nexit 0\n' >"$1/usr/sbin/update-initramfs"
chmod 755 "$1/usr/sbin/update-initramfs"`;

const afterThePackages = (sourcesPath: string): string => `set -eu
rm -f "$1"/etc/ssh/ssh_host_*_key "$1/usr/sbin/update-initramfs"
chroot "$1" dpkg-divert --quiet --local --rename --remove /usr/sbin/update-initramfs
rmdir --ignore-fail-on-non-empty "$1/etc/ssh"
rmdir "$1${repositoryMount}"
rm -f "$1/etc/apt/sources.list" "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/hostname" "$1/etc/resolv.conf"
cp ${workMount}/sources "$1/${sourcesPath}"
chmod 644 "$1/${sourcesPath}"`;
