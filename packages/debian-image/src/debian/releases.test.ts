import { describe, expect, it } from 'vitest';
import { releaseNames } from './names.ts';
import { kernelPackage, releaseOf } from './releases.ts';

const all = releaseNames.map(releaseOf);
const versions = all.slice(0, -1).map(({ name, version }) => [name, version]);
const kernels = (architecture: Parameters<typeof kernelPackage>[1], flavour: 'cloud' | 'generic') =>
  Object.fromEntries(all.map((release) => [release.name, kernelPackage(release, architecture, flavour)]));

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

describe('the kernel package', () => {
  it('has a cloud flavour for amd64 from buster, for arm64 from bullseye', () => {
    expect(Object.values(kernels('amd64', 'cloud')).map(Boolean)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1].map(Boolean));
    expect(Object.values(kernels('arm64', 'cloud')).map(Boolean)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1].map(Boolean));
    expect(kernelPackage(releaseOf('bookworm'), 'amd64', 'cloud')).toBe('linux-image-cloud-amd64');
    expect(kernelPackage(releaseOf('bookworm'), 's390x', 'cloud')).toBeUndefined();
  });

  it('of i386 has changed its name, and is gone with trixie', () => {
    const { squeeze, wheezy, bookworm, trixie, forky, sid } = kernels('i386', 'generic');
    expect([squeeze, wheezy, bookworm, trixie, forky, sid]).toEqual([
      'linux-image-686',
      'linux-image-686-pae',
      'linux-image-686-pae',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of other architectures has the name of its flavour', () => {
    const bookworm = releaseOf('bookworm');
    const names = (['amd64', 'arm64', 'armhf', 'ppc64el', 's390x', 'riscv64', 'loong64'] as const).map((name) =>
      kernelPackage(bookworm, name, 'generic'),
    );
    const flavours = ['amd64', 'arm64', 'armmp', 'powerpc64le', 's390x', 'riscv64', 'loong64'];
    expect(names).toEqual(flavours.map((flavour) => `linux-image-${flavour}`));
  });
});
