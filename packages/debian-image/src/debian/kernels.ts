import type { Architecture } from './names.ts';
import type { Release } from './releases.ts';

export type KernelFlavour = 'cloud' | 'generic';

/** None for armel: its kernels are for boards that no virtual machine plays. */
const genericKernels: Readonly<Partial<Record<Architecture, string>>> = {
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

/** The last release with a kernel for an architecture that later ones keep for programs alone. */
const lastKernel: Partial<Readonly<Record<Architecture, number>>> = { i386: 12 };

/** The kernel package of a flavour, or undefined where the release has none for the architecture that a virtual machine could run. */
export function kernelPackage({ version }: Release, architecture: Architecture, flavour: KernelFlavour): string | undefined {
  if (version > (lastKernel[architecture] ?? version)) return undefined;
  if (flavour === 'cloud') {
    const since = cloudKernelSince[architecture];
    return since !== undefined && version >= since ? `linux-image-cloud-${architecture}` : undefined;
  }
  // with -pae from wheezy on; without it the package is for older processors
  return architecture === 'i386' && version <= 6 ? 'linux-image-686' : genericKernels[architecture];
}

/** Why a release has no kernel of a flavour for an architecture, and what to do about it: a sentence each. */
export function explainNoKernel(release: Release, architecture: Architecture, flavour: KernelFlavour): { why: string; hint: string } {
  const why = `${release.name} has no ${flavour} kernel for ${architecture}`;
  if (kernelPackage(release, architecture, 'generic') !== undefined) {
    return { why, hint: 'Ask for "generic", or leave the field out.' };
  }
  if (architecture === 'i386') {
    return {
      why: `${release.name} has no kernel for i386: from trixie on Debian's i386 is only for programs on 64-bit machines`,
      hint: 'Use "arch": "amd64", or "release": "bookworm", the last one with a kernel for i386.',
    };
  }
  return { why, hint: 'Choose another release or architecture.' };
}
