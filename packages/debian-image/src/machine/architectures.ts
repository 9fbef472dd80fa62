import { Failure } from '@nx-debian-image/report';
import type { ReleaseName } from '../debian/names.ts';
import { releaseOf } from '../debian/releases.ts';

/** How QEMU plays one Debian architecture. */
export interface MachineArchitecture {
  /** The program of QEMU, from the Debian package in `package`. */
  readonly program: string;
  readonly package: string;
  /** The machine type; see `legacyType` for guests that know no PCI Express. */
  readonly type: string;
  readonly legacyType?: string;
  /** The processor where it is played by software (TCG). */
  readonly softwareProcessor: string;
  /** The Debian package with its UEFI firmware, where it has one. */
  readonly firmware?: string;
  /** What `process.arch` says on a host whose KVM can run it. */
  readonly host: string;
}

/** `la57` and `svm` cost a software processor time: page walks of five levels, and the loading of kvm modules in the guest. */
const x86 = { softwareProcessor: 'max,la57=off,svm=off', host: 'x64', package: 'qemu-system-x86' };

/** By Debian's name of the architecture. amd64, i386 and arm64 are tried (docs/proof.md); the others hold what QEMU's own documentation names. */
export const machineArchitectures = {
  amd64: { ...x86, program: 'qemu-system-x86_64', type: 'q35', legacyType: 'pc', firmware: 'ovmf' },
  i386: { ...x86, program: 'qemu-system-i386', type: 'q35', legacyType: 'pc', firmware: 'ovmf-ia32' },
  arm64: {
    program: 'qemu-system-aarch64',
    package: 'qemu-system-arm',
    type: 'virt',
    firmware: 'qemu-efi-aarch64',
    softwareProcessor: 'max,pauth-impdef=on',
    host: 'arm64',
  },
  ppc64el: {
    program: 'qemu-system-ppc64',
    package: 'qemu-system-ppc',
    type: 'pseries',
    softwareProcessor: 'power9',
    host: 'ppc64',
  },
  riscv64: {
    program: 'qemu-system-riscv64',
    package: 'qemu-system-misc',
    type: 'virt',
    softwareProcessor: 'rv64',
    host: 'riscv64',
  },
} as const satisfies Record<string, MachineArchitecture>;

export type MachineArchitectureName = keyof typeof machineArchitectures;

/** How QEMU plays a Debian architecture. Failure `invalid` where that is not known here. */
export function machineArchitectureOf(arch: string): MachineArchitectureName {
  if (arch in machineArchitectures) return arch as MachineArchitectureName;
  throw new Failure('invalid', `no virtual machine for ${arch} is known here`, {
    where: 'image.json: arch',
    hint: `Known are ${Object.keys(machineArchitectures).join(', ')}.`,
  });
}

/** The machine type for a release of Debian; the one of before PCI Express where its kernel wants that and the architecture has it. */
export function machineType(name: MachineArchitectureName, release?: ReleaseName): string {
  const architecture: MachineArchitecture = machineArchitectures[name];
  const legacy = release !== undefined && !releaseOf(release).pciExpress;
  return (legacy ? architecture.legacyType : undefined) ?? architecture.type;
}
