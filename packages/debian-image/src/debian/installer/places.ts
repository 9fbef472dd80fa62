import type { Architecture } from '../names.ts';
import type { Release } from '../releases.ts';

/** The names of the installer's kernel and ramdisk wherever they are. */
export const netbootFiles = { kernel: 'linux', ramdisk: 'initrd.gz' } as const;

/** The folder of the installer's images, below that of the release; what stands in `sumsFile` is relative to it. */
export function imagesFolder(architecture: Architecture): string {
  return `main/installer-${architecture}/current/images`;
}

/** The list of sha256 of all files of that folder; the signed Release file has its own. */
export const sumsFile = 'SHA256SUMS';

/** The folder with `netbootFiles`, below that of the images. */
export function netbootFolder(architecture: Architecture): string {
  return `netboot/debian-installer/${architecture}`;
}

/** The package of the archive that has the same files: numbered as the release was, with a point up to wheezy. */
export function netbootPackage({ version }: Pick<Release, 'version'>, architecture: Architecture): string {
  return `debian-installer-${numberOf(version)}-netboot-${architecture}`;
}

/** The folder with `netbootFiles` in that package. */
export function packagedFolder({ version }: Pick<Release, 'version'>, architecture: Architecture): string {
  const images = `usr/lib/debian-installer/images/${numberOf(version)}/${architecture}/text`;
  return `${images}/debian-installer/${architecture}`;
}

function numberOf(version: number): string {
  return version <= 7 ? `${version}.0` : String(version);
}

/** The sha256 that a Release file names for a file below its folder; undefined where it names none. */
export function sumInRelease(release: string, path: string): string | undefined {
  const [, section = ''] = /^SHA256:\n((?: .*\n)*)/m.exec(`${release}\n`) ?? [];
  return section
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, , name]) => name === path)?.[0];
}

/** The sha256 of each file of a list as sha256sum(1) writes it, by its path without `./`. */
export function parseSums(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/gm)].map(([, sha256, path]) => [path!, sha256!]));
}
