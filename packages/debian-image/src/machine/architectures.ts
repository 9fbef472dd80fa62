import { Failure } from '@nx-debian-image/report';

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
  /** The kernel's name of the first serial port. */
  readonly console: string;
  /** The Debian package with its UEFI firmware, where it has one. */
  readonly firmware?: string;
  /** What `process.arch` says on a host whose KVM can run it. */
  readonly host: string;
}

/** `la57` and `svm` cost a software processor time: page walks of five levels, and the loading of kvm modules in the guest. */
const x86 = { softwareProcessor: 'max,la57=off,svm=off', console: 'ttyS0', host: 'x64', package: 'qemu-system-x86' };

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
    console: 'ttyAMA0',
    host: 'arm64',
  },
  ppc64el: {
    program: 'qemu-system-ppc64',
    package: 'qemu-system-ppc',
    type: 'pseries',
    softwareProcessor: 'power9',
    console: 'hvc0',
    host: 'ppc64',
  },
  riscv64: {
    program: 'qemu-system-riscv64',
    package: 'qemu-system-misc',
    type: 'virt',
    softwareProcessor: 'rv64',
    console: 'ttyS0',
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

/** The last releases whose kernels want the machine type of before PCI Express. */
const legacyReleases = new Set(['squeeze', 'wheezy', 'jessie']);

/** The machine type for a release of Debian: up to jessie the older one, where the architecture has it. */
export function machineType(name: MachineArchitectureName, release?: string): string {
  const architecture: MachineArchitecture = machineArchitectures[name];
  return (release !== undefined && legacyReleases.has(release) ? architecture.legacyType : undefined) ?? architecture.type;
}
