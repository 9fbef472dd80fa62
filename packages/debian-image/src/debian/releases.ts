import type { Architecture, ReleaseName } from './names.ts';

/** A Debian release and what building an image of it must know. Read in the release notes and archives; tested against the archive. */
export interface Release {
  readonly name: ReleaseName;
  /** The version number, `12`; sid has that of the release to come. */
  readonly version: number;
  /** Whether it has moved from the mirrors to archive.debian.org. */
  readonly archived: boolean;
  /** The suite with security updates; undefined where there is none (sid). */
  readonly securitySuite: string | undefined;
  /** Whether it has a suite of updates between point releases. */
  readonly updatesSuite: string | undefined;
  /** The keyring that its Release file is signed with: today's keys, or those that Debian has retired. */
  readonly keyring: 'current' | 'removed';
  readonly init: 'sysvinit' | 'systemd';
  /** Whether / and /usr must be merged: mandatory from bookworm on. */
  readonly mergedUsr: boolean;
  /** Whether udev writes 70-persistent-net.rules. */
  readonly persistentNetRules: boolean;
  /** The DHCP client that ifupdown calls. */
  readonly dhcpClient: string;
  /** Whether apt reads deb822 files (`*.sources`), the default form from bookworm on. */
  readonly deb822Sources: boolean;
  readonly architectures: readonly Architecture[];
}

interface Row extends Partial<Release> {
  readonly name: ReleaseName;
  readonly version: number;
  readonly architectures: readonly Architecture[];
}

function describe(row: Row): Release {
  const { name, version } = row;
  const archived = version <= 10;
  return {
    archived,
    securitySuite: version >= 11 ? `${name}-security` : `${name}/updates`,
    updatesSuite: `${name}-updates`,
    keyring: archived ? 'removed' : 'current',
    init: version >= 8 ? 'systemd' : 'sysvinit',
    mergedUsr: version >= 12,
    persistentNetRules: version <= 8,
    dhcpClient: version >= 13 ? 'dhcpcd-base' : 'isc-dhcp-client',
    deb822Sources: version >= 12,
    ...row,
  };
}

const releases: readonly Release[] = [
  describe({ name: 'squeeze', version: 6, updatesSuite: undefined, architectures: ['amd64', 'armel', 'i386'] }),
  describe({ name: 'wheezy', version: 7, updatesSuite: undefined, architectures: ['amd64', 'armel', 'armhf', 'i386', 's390x'] }),
  describe({
    name: 'jessie',
    version: 8,
    updatesSuite: undefined,
    architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 's390x'],
  }),
  describe({ name: 'stretch', version: 9, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 's390x'] }),
  describe({ name: 'buster', version: 10, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 's390x'] }),
  describe({ name: 'bullseye', version: 11, architectures: ['amd64', 'arm64', 'armhf', 'i386'] }),
  describe({ name: 'bookworm', version: 12, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 's390x'] }),
  describe({ name: 'trixie', version: 13, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 'riscv64', 's390x'] }),
  describe({ name: 'forky', version: 14, architectures: ['amd64', 'arm64', 'armhf', 'i386', 'ppc64el', 'riscv64', 's390x', 'loong64'] }),
  describe({
    name: 'sid',
    version: 14,
    securitySuite: undefined,
    updatesSuite: undefined,
    architectures: ['amd64', 'arm64', 'armhf', 'i386', 'ppc64el', 'riscv64', 's390x', 'loong64'],
  }),
];

/** The facts of a release; its name has been checked by the schema of image.json. */
export function releaseOf(name: ReleaseName): Release {
  const found = releases.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no such release: ${name}`);
  return found;
}

const genericKernels: Readonly<Record<string, string>> = {
  amd64: 'linux-image-amd64',
  arm64: 'linux-image-arm64',
  armhf: 'linux-image-armmp',
  i386: 'linux-image-686-pae',
  ppc64el: 'linux-image-powerpc64le',
  riscv64: 'linux-image-riscv64',
  s390x: 'linux-image-s390x',
  loong64: 'linux-image-loong64',
};

/** The first release whose kernel has the smaller flavour for virtual machines, by architecture. */
const cloudKernelSince: Partial<Readonly<Record<Architecture, number>>> = { amd64: 10, arm64: 11 };

/** The kernel package of a flavour, or undefined where the release has none for the architecture. */
export function kernelPackage(release: Release, architecture: Architecture, flavour: 'cloud' | 'generic'): string | undefined {
  if (architecture === 'i386') {
    if (release.version >= 13) return undefined;
    if (flavour === 'generic' && release.version <= 6) return 'linux-image-686';
  }
  if (flavour === 'generic') return genericKernels[architecture];
  const since = cloudKernelSince[architecture];
  return since !== undefined && release.version >= since ? `linux-image-cloud-${architecture}` : undefined;
}
