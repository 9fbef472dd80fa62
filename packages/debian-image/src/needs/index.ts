import { readFileSync } from 'node:fs';
import { packagesOfForms } from '../disk/forms/programs.ts';
import { type MachineArchitecture, machineArchitectures } from '../machine/architectures.ts';

/** What decides which Debian packages an image needs on the machine that builds it. */
export interface ImageNeeds {
  /** As dpkg names it. */
  readonly architecture: string;
  /** Whether debian-installer makes it, in a machine of QEMU. */
  readonly installer: boolean;
  /** What its disk is published as, to boot by itself. */
  readonly bare: readonly string[];
}

/** What is done with the images, and where. */
export interface Purpose {
  /** Whether they are started too. */
  readonly verify: boolean;
  /** The architecture of the machine that builds, as `process.arch` says it. */
  readonly host: string;
}

/** The Debian packages that building these images needs, each once, by name. */
export function debianPackages(images: readonly ImageNeeds[], purpose: Purpose): string[] {
  const found = [...packagesOf('building'), ...images.flatMap((image) => packagesOfImage(image, purpose))];
  return [...new Set(found)].toSorted();
}

function packagesOfImage({ architecture, installer, bare }: ImageNeeds, { verify, host }: Purpose): string[] {
  const machine = machines[architecture];
  const found = packagesOfForms(bare);
  // Where it is installed in a machine nothing of it runs outside.
  if (!installer && host !== (machine?.host ?? hosts[architecture])) found.push('qemu-user-static');
  if (machine === undefined || !(verify || installer)) return found;
  found.push(machine.package, ...packagesOf('machines'));
  if (machine.firmware !== undefined && bare.length > 0) found.push(machine.firmware);
  return found;
}

const machines: Readonly<Record<string, MachineArchitecture>> = machineArchitectures;

/** What `process.arch` says on a machine of an architecture that QEMU is not asked to play here. */
const hosts: Readonly<Record<string, string>> = { armhf: 'arm', s390x: 's390x', loong64: 'loong64' };

/** The set-up of this repository reads the same file, before there is anything that runs TypeScript. */
function packagesOf(part: 'building' | 'machines'): string[] {
  const file = new URL('../../debian-packages.json', import.meta.url);
  const lists = JSON.parse(readFileSync(file, 'utf8')) as Record<typeof part, readonly { readonly package: string }[]>;
  return lists[part].map((need) => need.package);
}
