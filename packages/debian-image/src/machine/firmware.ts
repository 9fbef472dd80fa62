import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import type { ReleaseName } from '../debian/names.ts';
import { type MachineArchitecture, type MachineArchitectureName, machineArchitectures, machineType } from './architectures.ts';
import { chooseDescriptor, firmwareFolders, readDescriptors } from './firmware-descriptors.ts';

/** What starts a disk: a PC's BIOS (SeaBIOS), UEFI (OVMF, AAVMF), or UEFI that starts only what Microsoft's or Debian's keys have signed. */
export type FirmwareName = 'bios' | 'uefi' | 'uefi-secure';

/** An image of a flash chip. */
export interface FlashImage {
  readonly path: string;
  readonly format: 'raw' | 'qcow2';
}

/** UEFI in two flash chips. A machine without it starts by its BIOS. */
export interface Firmware {
  readonly program: FlashImage;
  /** The machine's own: boot order and keys are written there. */
  readonly variables: FlashImage;
  /** Only system management mode may write the variables. */
  readonly managed: boolean;
}

export interface FirmwareRequest {
  readonly name: FirmwareName;
  readonly architecture: MachineArchitectureName;
  /** Of Debian, for the machine type. */
  readonly release?: ReleaseName;
}

/**
 * The firmware for a machine, its variables copied into a folder; undefined for the BIOS, which QEMU brings along. Failures: `invalid` where
 * the architecture has none of that kind, `missing-tool` with the package's name where this machine has no such firmware.
 */
export async function prepareFirmware(request: FirmwareRequest, folder: string, sources = firmwareFolders): Promise<Firmware | undefined> {
  const { name, architecture, release } = request;
  const known: MachineArchitecture = machineArchitectures[architecture];
  if (name === 'bios') {
    if (hasBios(architecture)) return undefined;
    throw new Failure('invalid', `a machine of ${architecture} has no BIOS`, known.firmware ? { hint: 'Use --firmware=uefi.' } : {});
  }
  if (known.firmware === undefined) throw new Failure('invalid', `a machine of ${architecture} has no UEFI`);
  const wish = {
    architecture: known.program.replace('qemu-system-', ''),
    machine: machineType(architecture, release),
    secure: name === 'uefi-secure',
  };
  const descriptor = chooseDescriptor(await readDescriptors(sources), wish);
  if (descriptor === undefined) {
    const kind = wish.secure ? 'UEFI firmware with Secure Boot' : 'UEFI firmware';
    throw new Failure('missing-tool', `this machine has no ${kind} for ${architecture} (${wish.machine})`, {
      where: sources.join(', '),
      hint: `Install the package ${known.firmware}.`,
    });
  }
  const { executable, template } = descriptor;
  const variables = { path: join(folder, 'firmware-variables'), format: template.format };
  await copyFile(template.path, variables.path);
  await chmod(variables.path, 0o600);
  return { program: executable, variables, managed: descriptor.features.includes('requires-smm') };
}

/** Of QEMU's machines only the PCs have SeaBIOS. */
function hasBios(architecture: MachineArchitectureName): boolean {
  return machineArchitectures[architecture].host === 'x64';
}
