import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@nx-debian-image/artifact-store';
import { z } from 'zod';
import type { FlashImage } from './firmware.ts';

/** Where QEMU's firmware says what it is for: a file of this machine's administrator replaces the packages' of the same name. */
export const firmwareFolders: readonly string[] = ['/etc/qemu/firmware', '/usr/share/qemu/firmware'];

/** One firmware, as its descriptor has it (QEMU, docs/interop/firmware.json). */
export interface FirmwareDescriptor {
  readonly executable: FlashImage;
  /** What a new machine's variables begin as. */
  readonly template: FlashImage;
  readonly targets: readonly { readonly architecture: string; readonly machines: readonly string[] }[];
  readonly features: readonly string[];
}

export interface FirmwareWish {
  /** QEMU's name of the architecture. */
  readonly architecture: string;
  /** Its short name of the machine type: q35, pc, virt. */
  readonly machine: string;
  /** With Secure Boot, and the keys that Debian's shim is signed with. */
  readonly secure: boolean;
}

const flash = z
  .object({ filename: z.string(), format: z.enum(['raw', 'qcow2']) })
  .transform(({ filename, format }): FlashImage => ({ path: filename, format }));

const schema = z
  .object({
    'interface-types': z.array(z.string()).refine((types) => types.includes('uefi')),
    mapping: z.object({ device: z.literal('flash'), executable: flash, 'nvram-template': flash }),
    targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
    features: z.array(z.string()),
  })
  .transform(({ mapping, targets, features }): FirmwareDescriptor => ({
    executable: mapping.executable,
    template: mapping['nvram-template'],
    targets,
    features,
  }));

/** The descriptors of UEFI in two flash chips, the preferred first. Others, and those whose files are not there, are left out. */
export async function readDescriptors(folders: readonly string[]): Promise<FirmwareDescriptor[]> {
  const paths = new Map<string, string>();
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => []))
      if (name.endsWith('.json') && !paths.has(name)) paths.set(name, join(folder, name));
  }
  const descriptors: FirmwareDescriptor[] = [];
  for (const name of [...paths.keys()].toSorted()) {
    const read = schema.safeParse(parseJson(await readFile(paths.get(name)!, 'utf8')));
    if (read.success && existsSync(read.data.executable.path) && existsSync(read.data.template.path)) descriptors.push(read.data);
  }
  return descriptors;
}

/** The first that is for such a machine. Without Secure Boot it is one that has no keys and needs no system management mode. */
export function chooseDescriptor(descriptors: readonly FirmwareDescriptor[], wish: FirmwareWish): FirmwareDescriptor | undefined {
  return descriptors.find(({ targets, features }) => {
    const fits = targets.some(
      ({ architecture, machines }) => architecture === wish.architecture && machines.some((name) => isFor(name, wish)),
    );
    const keys = features.includes('secure-boot') && features.includes('enrolled-keys');
    return fits && (wish.secure ? keys : !keys && !features.includes('requires-smm'));
  });
}

/** Descriptors name machine types with their version, as patterns: `pc-q35-*`. */
function isFor(pattern: string, { machine }: FirmwareWish): boolean {
  const versioned: Record<string, string> = { q35: 'pc-q35-', pc: 'pc-i440fx-' };
  return pattern.startsWith(versioned[machine] ?? `${machine}-`) || pattern === machine;
}
