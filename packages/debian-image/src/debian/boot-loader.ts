import type { Architecture } from './names.ts';
import { consolesFor } from './serial-console.ts';

/** What starts a disk before its system runs. */
export type Firmware = 'bios' | 'uefi';

/** Debian's boot loader for the disks of an architecture: which packages it is in, and where in them. */
export interface BootLoaderFacts {
  /** The packages with its files, of which nothing runs while an image is made. */
  readonly packages: readonly string[];
  /** The architecture that these packages are of. */
  readonly packagesOf: Architecture;
  /** BIOS: the folder of GRUB's modules. */
  readonly bios?: string;
  /** UEFI: the files of the EFI system partition by their path there; signed, so that Secure Boot takes them. */
  readonly uefi?: Readonly<Record<string, string>>;
  /** What the kernel's command line says beside the root: the consoles of a triplet. */
  readonly commandLine: string;
}

/**
 * The files that firmware starts without an entry of its own (UEFI 2.10, 3.5.1.1): shim, which asks for GRUB and MokManager beside it. Without
 * shim's own `fb*.efi`, which would write such entries.
 */
function signed(machine: 'x64' | 'aa64', grub: 'x86_64' | 'arm64'): Record<string, string> {
  return {
    [`EFI/BOOT/BOOT${machine.toUpperCase()}.EFI`]: `usr/lib/shim/shim${machine}.efi.signed`,
    [`EFI/BOOT/grub${machine}.efi`]: `usr/lib/grub/${grub}-efi-signed/grub${machine}.efi.signed`,
    [`EFI/BOOT/mm${machine}.efi`]: `usr/lib/shim/mm${machine}.efi.signed`,
  };
}

const bios = 'usr/lib/grub/i386-pc';

const bootLoaders: Partial<Record<Architecture, BootLoaderFacts>> = {
  amd64: {
    packages: ['grub-pc-bin', 'grub-efi-amd64-signed', 'shim-signed', 'shim-helpers-amd64-signed'],
    packagesOf: 'amd64',
    bios,
    uefi: signed('x64', 'x86_64'),
    commandLine: consolesFor('amd64'),
  },
  i386: { packages: ['grub-pc-bin'], packagesOf: 'amd64', bios, commandLine: consolesFor('i386') },
  arm64: {
    packages: ['grub-efi-arm64-signed', 'shim-signed', 'shim-helpers-arm64-signed'],
    packagesOf: 'arm64',
    uefi: signed('aa64', 'arm64'),
    commandLine: consolesFor('arm64'),
  },
};

/** The boot loader of an architecture; undefined where there is none here. */
export function bootLoaderOf(architecture: Architecture): BootLoaderFacts | undefined {
  return bootLoaders[architecture];
}

/** The firmware that starts a disk of an architecture with a table of a kind: an MBR has no place that UEFI is meant to look at. */
export function firmwareOf(architecture: Architecture, table: 'gpt' | 'mbr'): Firmware[] {
  const { bios: byBios, uefi: byUefi } = bootLoaderOf(architecture) ?? {};
  return [...(byBios === undefined ? [] : ['bios' as const]), ...(byUefi === undefined || table === 'mbr' ? [] : ['uefi' as const])];
}
