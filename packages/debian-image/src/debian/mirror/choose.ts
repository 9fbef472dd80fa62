import type { Release } from '../releases.ts';

/** Where packages come from: base addresses without a slash at the end. */
export interface Mirror {
  readonly main: string;
  readonly security: string;
  /** Who chose it, for the progress: `image.json`, `DEBIAN_IMAGE_MIRROR`, `apt of this machine`, `debootstrap`. */
  readonly chosenBy: string;
}

/** One line of `apt-get indextargets` in the format of `indexTargetFormat`. */
interface IndexTarget {
  readonly origin: string;
  readonly label: string;
  readonly uri: string;
}

export const indexTargetFormat = '$(ORIGIN)|$(LABEL)|$(REPO_URI)';

/** What a machine can say about mirrors. */
export interface MirrorSources {
  /** `install.mirror` of image.json. */
  readonly configured: string | undefined;
  /** DEBIAN_IMAGE_MIRROR and DEBIAN_IMAGE_SECURITY_MIRROR. */
  readonly environment: string | undefined;
  readonly environmentSecurity: string | undefined;
  /** The output of `apt-get indextargets`. */
  readonly indexTargets: string;
  /** The text of the debootstrap program, which carries Debian's own default. */
  readonly debootstrap: string;
}

/** Where the releases are that the mirrors no longer carry, their security updates beside it. */
export const archiveMirror = 'http://archive.debian.org/debian';

/** The mirror for a release, in the order of the documentation; undefined where nobody names one. */
export function chooseMirror(release: Release, sources: MirrorSources): Mirror | undefined {
  const security = sources.environmentSecurity;
  const from = (main: string | undefined, chosenBy: string, own?: string): Mirror | undefined =>
    main === undefined ? undefined : { main: trim(main), security: trim(security ?? own ?? securityBeside(main)), chosenBy };
  const stated = from(sources.configured, 'image.json') ?? from(sources.environment, 'DEBIAN_IMAGE_MIRROR');
  if (stated) return stated;
  if (release.archived) return from(archiveMirror, 'archived release');
  const targets = parseIndexTargets(sources.indexTargets);
  const own = (label: string): string | undefined => targets.find((target) => target.origin === 'Debian' && target.label === label)?.uri;
  return from(own('Debian'), "this machine's apt", own('Debian-Security')) ?? from(defaultMirror(sources.debootstrap), 'debootstrap');
}

/** The mirror that debootstrap uses when none is named: the same on every machine, so it is what an image's own apt is told. */
export function defaultMirror(debootstrap: string): string | undefined {
  return /^DEF_MIRROR="?([^"\s]+)"?$/m.exec(debootstrap)?.[1];
}

/** Debian's mirrors keep security updates beside the main archive, in a folder with `-security` in its name. */
export function securityBeside(main: string): string {
  return `${trim(main)}-security`;
}

function parseIndexTargets(text: string): IndexTarget[] {
  return text
    .split('\n')
    .map((line) => line.split('|'))
    .filter((fields) => fields.length === 3 && /^(https?|file):/.test(fields[2]!))
    .map(([origin, label, uri]) => ({ origin: origin!, label: label!, uri: uri! }));
}

function trim(address: string): string {
  return address.replace(/\/+$/, '');
}
