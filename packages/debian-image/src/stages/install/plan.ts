import { Failure } from '@nx-debian-image/report';
import { explainNoKernel, kernelPackage } from '../../debian/kernels.ts';
import { networkPackages } from '../../debian/network.ts';
import { ramdiskTool } from '../../debian/ramdisk.ts';
import type { Release } from '../../debian/releases.ts';
import type { Image } from '../../image/index.ts';

/**
 * What every image has so that it boots and can be reached: init, udev, modules, e2fsprogs for growing, addresses and routes. The cloud's
 * stop button is heard by systemd-logind, which needs dbus, or by acpid.
 */
const base = ['init', 'udev', 'kmod', 'e2fsprogs', 'fdisk', 'netbase', 'iproute2', 'iputils-ping', 'procps', 'less'];

/**
 * The packages to ask for beside the essential and required ones: what the fields of image.json need, then what it names.
 * Fails as `not-found` where the release has no kernel for the architecture.
 */
export function plannedPackages(image: Image, release: Release): string[] {
  const wanted = new Set(base.map((name) => release.packageNames[name] ?? name));
  wanted.add(release.init === 'systemd' ? 'dbus' : 'acpid');
  for (const name of kernelPackages(image, release)) wanted.add(name);
  if (image.network === 'dhcp') for (const name of packagesForNetwork(image, release)) wanted.add(name);
  if (image.locales.length > 0) wanted.add('locales');
  if (image.timezone !== 'UTC') wanted.add('tzdata');
  if (image.users.some(({ sudo }) => sudo)) wanted.add('sudo');
  for (const name of image.packages) wanted.add(name);
  return [...wanted].toSorted();
}

/** The packages that DHCP needs; debian-installer brings ifupdown whatever it is asked for. */
export function packagesForNetwork({ install, packages }: Image, release: Release): string[] {
  return networkPackages(release, install.method === 'installer' ? ['ifupdown', ...packages] : packages);
}

function kernelPackages(image: Image, release: Release): string[] {
  const flavour = image.kernel === 'cloud' || image.kernel === 'generic' ? image.kernel : undefined;
  const kernel = flavour === undefined ? image.kernel : kernelPackage(release, image.arch, flavour);
  if (kernel === undefined) {
    const { why, hint } = explainNoKernel(release, image.arch, flavour ?? 'generic');
    throw new Failure('not-found', why, { where: `image.json: kernel`, hint });
  }
  return [kernel, ramdiskTool(release, image.packages), ...(release.zstdRamdisk ? ['zstd'] : [])];
}
