import { describe, expect, it } from 'vitest';
import { releaseNames } from './names.ts';
import { releaseOf } from './releases.ts';

const all = releaseNames.map(releaseOf);
const versions = all.slice(0, -1).map(({ name, version }) => [name, version]);
describe("Debian's releases", () => {
  it('are numbered from squeeze 6 to forky 14', () => {
    expect(versions).toEqual([
      ['squeeze', 6],
      ['wheezy', 7],
      ['jessie', 8],
      ['stretch', 9],
      ['buster', 10],
      ['bullseye', 11],
      ['bookworm', 12],
      ['trixie', 13],
      ['forky', 14],
    ]);
  });

  it('up to buster are archived, signed with retired keys and have another name for security', () => {
    expect(all.filter(({ archived }) => archived).map(({ name }) => name)).toEqual(releaseNames.slice(0, 5));
    for (const { archived, keyring, name, securitySuite } of all.slice(0, -1)) {
      expect([keyring, securitySuite]).toEqual(archived ? ['removed', `${name}/updates`] : ['current', `${name}-security`]);
    }
    expect(releaseOf('sid')).toMatchObject({ securitySuite: undefined, updatesSuite: undefined, keyring: 'current' });
  });

  it('know what changed with each', () => {
    const first = (has: (release: (typeof all)[number]) => boolean): string | undefined => all.find(has)?.name;
    expect(first(({ init }) => init === 'systemd')).toBe('jessie');
    expect(first(({ persistentNetRules }) => !persistentNetRules)).toBe('stretch');
    expect(first(({ mergedUsr }) => mergedUsr)).toBe('bookworm');
    expect(first(({ deb822Sources }) => deb822Sources)).toBe('bookworm');
    expect(first(({ ramdisk }) => ramdisk === 'dracut')).toBe('forky');
    expect(first(({ cardPatterns }) => cardPatterns)).toBe('bullseye');
    expect(first(({ networkManager }) => networkManager === 'systemd-networkd')).toBe('bookworm');
    expect(first(({ dhcpClient }) => dhcpClient === 'dhcpcd-base')).toBe('trixie');
    expect(first(({ components }) => components.includes('non-free-firmware'))).toBe('bookworm');
  });

  it('up to wheezy crash in a chroot of today, and jessie wants few open files', () => {
    expect(all.filter(({ chroot }) => !chroot).map(({ name }) => name)).toEqual(['squeeze', 'wheezy']);
    expect(all.filter(({ openFiles }) => openFiles !== undefined).map(({ name }) => name)).toEqual(['jessie']);
  });

  it('have the packages of today under other names', () => {
    const { squeeze, stretch, buster } = Object.fromEntries(all.map(({ name, packageNames }) => [name, packageNames]));
    expect(squeeze).toEqual({ init: 'sysvinit', iproute2: 'iproute', kmod: 'module-init-tools', fdisk: 'util-linux' });
    expect([stretch, buster]).toEqual([{ fdisk: 'util-linux' }, {}]);
  });

  it('understand more of ext4 with stretch and with trixie', () => {
    const kinds = all.map(({ name, ext4: { features } }) => {
      const newer = ['uninit_bg', '64bit', 'metadata_csum', 'metadata_csum_seed', 'orphan_file'].filter((feature) =>
        features.includes(feature),
      );
      return `${name}: ${newer.join(' ')}`;
    });
    expect(kinds).toEqual([
      ...['squeeze', 'wheezy', 'jessie'].map((name) => `${name}: uninit_bg`),
      ...['stretch', 'buster', 'bullseye', 'bookworm'].map((name) => `${name}: 64bit metadata_csum`),
      ...['trixie', 'forky', 'sid'].map((name) => `${name}: 64bit metadata_csum metadata_csum_seed orphan_file`),
    ]);
  });

  it('are of these architectures', () => {
    expect(releaseOf('bullseye').architectures).toEqual(['amd64', 'arm64', 'armhf', 'i386']);
    expect(releaseOf('trixie').architectures.toSorted()).toEqual([
      'amd64',
      'arm64',
      'armel',
      'armhf',
      'i386',
      'ppc64el',
      'riscv64',
      's390x',
    ]);
    expect(releaseOf('forky').architectures).not.toContain('armel');
    expect(releaseOf('forky').architectures).toContain('loong64');
  });
});
