import type { Ext4Profile } from '../disk/ext4/profile.ts';
import { ext4Profiles } from './ext4.ts';
import type { Architecture, ReleaseName } from './names.ts';
import type { NetworkManager } from './network.ts';
import type { RamdiskTool } from './ramdisk.ts';

/** A Debian release and what building an image of it must know. Read in the release notes and archives; tested against the archive. */
export interface Release {
  readonly name: ReleaseName;
  /** The version number, `12`; sid has that of the release to come. */
  readonly version: number;
  readonly architectures: readonly Architecture[];
  /**
   * Whether it has moved from the mirrors to archive.debian.org: nobody renews the dates and keys of its lists any more, so their Valid-Until
   * does not count, and a signature of a known key that has expired since is taken.
   */
  readonly archived: boolean;
  /** Whether its suites have an InRelease file; apt takes Release and Release.gpg where not. */
  readonly inRelease: boolean;
  /** The suite with security updates; undefined where there is none (sid). */
  readonly securitySuite: string | undefined;
  /** The suite of updates between point releases; undefined where there is none. */
  readonly updatesSuite: string | undefined;
  /** The keyring that its Release file is signed with: today's keys, or those that Debian has retired. */
  readonly keyring: 'current' | 'removed';
  /** Components of the archive beside main. */
  readonly components: readonly string[];
  /**
   * Whether its programs run in a chroot of today's kernels. Those of amd64 up to wheezy call the vsyscall page, which Debian's kernels no
   * longer have from 5.10 on: they crash at the first gettimeofday(2).
   */
  readonly chroot: boolean;
  /** The most files that its programs may have open; apt of jessie closes every number up to the limit, for hours where that is high. */
  readonly openFiles: number | undefined;
  /** Packages that have another name here, or are part of another, by the name of today. */
  readonly packageNames: Readonly<Record<string, string>>;
  readonly init: 'sysvinit' | 'systemd';
  /** Whether / and /usr must be merged: mandatory from bookworm on. */
  readonly mergedUsr: boolean;
  /** What makes the initial ramdisk: of the tools that the kernel's package takes, the one that it names first. */
  readonly ramdisk: RamdiskTool;
  /** Whether it can make a ramdisk with zstd, in half the time, and its kernel can read it. */
  readonly zstdRamdisk: boolean;
  /** Whether udev writes 70-persistent-net.rules. */
  readonly persistentNetRules: boolean;
  /** What gives cards their addresses: that of Debian's own cloud images, which is systemd-networkd from bookworm on. */
  readonly networkManager: NetworkManager;
  /** Whether ifupdown matches names of cards by pattern (0.8.36). */
  readonly cardPatterns: boolean;
  /** The DHCP client that ifupdown calls. */
  readonly dhcpClient: string;
  /** Whether a partition that is mounted can grow: util-linux 2.26 and Linux 3.6. */
  readonly growsPartitions: boolean;
  /** Whether its kernel and installer run on QEMU's machine with PCI Express (q35); those up to jessie get the older one. */
  readonly pciExpress: boolean;
  /** Whether /etc/localtime is a link, not a copy. */
  readonly localtimeLink: boolean;
  /** Whether libc brings the locale C.UTF-8 along. */
  readonly unicodeC: boolean;
  /** Whether OpenSSH has `ssh-keygen -A` (5.9). */
  readonly makesAllHostKeys: boolean;
  /** Whether apt reads deb822 files (`*.sources`), the default form from bookworm on. */
  readonly deb822Sources: boolean;
  readonly ext4: Ext4Profile;
}

/** What cannot be told from the version number. */
type Row = Pick<Release, 'name' | 'version' | 'architectures'> & Partial<Release>;

function describe(row: Row): Release {
  const { name, version } = row;
  const archived = version <= 10;
  return {
    archived,
    inRelease: version >= 7,
    securitySuite: version >= 11 ? `${name}-security` : `${name}/updates`,
    updatesSuite: version >= 9 ? `${name}-updates` : undefined,
    keyring: archived ? 'removed' : 'current',
    components: ['contrib', 'non-free', ...(version >= 12 ? ['non-free-firmware'] : [])],
    chroot: version >= 8,
    openFiles: version === 8 ? 1024 : undefined,
    packageNames: {
      ...(version <= 7 ? { init: 'sysvinit', iproute2: 'iproute' } : {}),
      ...(version <= 6 ? { kmod: 'module-init-tools' } : {}),
      ...(version <= 9 ? { fdisk: 'util-linux' } : {}),
    },
    init: version >= 8 ? 'systemd' : 'sysvinit',
    mergedUsr: version >= 12,
    ramdisk: version >= 14 ? 'dracut' : 'initramfs-tools',
    zstdRamdisk: version >= 11,
    persistentNetRules: version <= 8,
    networkManager: version >= 12 ? 'systemd-networkd' : 'ifupdown',
    cardPatterns: version >= 11,
    dhcpClient: version >= 13 ? 'dhcpcd-base' : 'isc-dhcp-client',
    growsPartitions: version >= 9,
    pciExpress: version >= 9,
    localtimeLink: version >= 9,
    unicodeC: version >= 7,
    makesAllHostKeys: version >= 7,
    deb822Sources: version >= 12,
    ext4: version >= 13 ? ext4Profiles.seeded : version >= 9 ? ext4Profiles.checked : ext4Profiles.plain,
    ...row,
  };
}

/** Of Debian's architectures those that this program knows; see `architectures`. */
const rows: readonly Row[] = [
  { name: 'squeeze', version: 6, architectures: ['amd64', 'armel', 'i386'] },
  { name: 'wheezy', version: 7, architectures: ['amd64', 'armel', 'armhf', 'i386', 's390x'] },
  { name: 'jessie', version: 8, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 's390x'] },
  { name: 'stretch', version: 9, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 's390x'] },
  { name: 'buster', version: 10, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 's390x'] },
  // its last release on the mirrors names only those that its years of long-term support kept
  { name: 'bullseye', version: 11, architectures: ['amd64', 'arm64', 'armhf', 'i386'] },
  { name: 'bookworm', version: 12, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 's390x'] },
  { name: 'trixie', version: 13, architectures: ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'ppc64el', 'riscv64', 's390x'] },
  { name: 'forky', version: 14, architectures: ['amd64', 'arm64', 'armhf', 'i386', 'ppc64el', 'riscv64', 's390x', 'loong64'] },
  {
    name: 'sid',
    version: 14,
    securitySuite: undefined,
    updatesSuite: undefined,
    architectures: ['amd64', 'arm64', 'armhf', 'i386', 'ppc64el', 'riscv64', 's390x', 'loong64'],
  },
];

const releases: readonly Release[] = rows.map(describe);

/** The facts of a release; its name has been checked by the schema of image.json. */
export function releaseOf(name: ReleaseName): Release {
  const found = releases.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no such release: ${name}`);
  return found;
}
