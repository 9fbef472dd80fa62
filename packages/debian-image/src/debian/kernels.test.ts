import { describe, expect, it } from 'vitest';
import { explainNoKernel, kernelPackage } from './kernels.ts';
import { releaseNames } from './names.ts';
import { releaseOf } from './releases.ts';

const all = releaseNames.map(releaseOf);
const kernels = (architecture: Parameters<typeof kernelPackage>[1], flavour: 'cloud' | 'generic') =>
  Object.fromEntries(all.map((release) => [release.name, kernelPackage(release, architecture, flavour)]));

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

describe('where there is no kernel', () => {
  const told = (...[name, architecture, flavour]: [Parameters<typeof releaseOf>[0], ...Tail]): string =>
    Object.values(explainNoKernel(releaseOf(name), architecture, flavour)).join('. ');

  it('says why and what to do', () => {
    expect(told('trixie', 'i386', 'cloud')).toBe(
      `trixie has no kernel for i386: from trixie on Debian's i386 is only for programs on 64-bit machines. Use "arch": "amd64", or "release": "bookworm", the last one with a kernel for i386.`,
    );
    expect(told('bookworm', 's390x', 'cloud')).toBe('bookworm has no cloud kernel for s390x. Ask for "generic", or leave the field out.');
    expect(told('bookworm', 'armel', 'generic')).toBe('bookworm has no generic kernel for armel. Choose another release or architecture.');
  });
});

type Tail = [Parameters<typeof explainNoKernel>[1], Parameters<typeof explainNoKernel>[2]];
