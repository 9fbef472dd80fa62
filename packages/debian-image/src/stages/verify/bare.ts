import { join } from 'node:path';
import { type FirmwareName, prepareDisk, prepareFirmware, requireDiskPrograms } from '../../machine/index.ts';
import { type Access, seedDisks } from './access.ts';
import type { Question } from './guest/questions.ts';
import type { Preparation } from './instance.ts';
import type { BareDisk, VerifyOptions } from './options.ts';

/** What a bare disk is started by: what its facts name, and Secure Boot with UEFI, for whose keys Debian's boot loader is signed on amd64 and arm64 alike. */
export function firmwareOf({ firmware }: Pick<BareDisk, 'firmware'>): FirmwareName[] {
  return [
    ...(firmware.includes('bios') ? (['bios'] as const) : []),
    ...(firmware.includes('uefi') ? (['uefi', 'uefi-secure'] as const) : []),
  ];
}

/** Fails as `missing-tool` where this machine lacks a firmware that a bare disk is to be started by, or what unpacks the disk. */
export async function requireBare({ architecture, image, scratch, signal }: VerifyOptions, bare: BareDisk): Promise<void> {
  await requireDiskPrograms(signal);
  for (const name of firmwareOf(bare)) await prepareFirmware({ name, architecture, release: image.release }, scratch);
}

/** A bare disk as a cloud starts it: as large as the flavour's, by its own boot loader. The key goes into its root, or on a disk beside it. */
export function bareOf(options: VerifyOptions, bare: BareDisk, name: FirmwareName, access: Access): Preparation {
  const { architecture, image, flavour, tools, signal } = options;
  return async (publicKey, folder) => {
    const path = join(folder, 'disk.raw');
    const keys = access.seed === undefined ? { publicKey } : {};
    await prepareDisk({ source: bare.path, format: bare.format, target: path, size: flavour.disk, ...keys, tools, signal });
    const seeds = await seedDisks(access, publicKey, folder, image.hostname);
    const firmware = await prepareFirmware({ name, architecture, release: image.release }, folder);
    return { disks: [{ path, format: 'raw' }, ...seeds], firmware };
  };
}

// efivarfs(5): four bytes of attributes before the value.
const firmwareLine =
  'if [ -d /sys/firmware/efi ]; then echo uefi; od -An -tu1 -j4 -N1 /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c; else echo bios; fi';

/** Asks what has started a guest. */
export function firmwareQuestion(wanted: FirmwareName): Question {
  return {
    name: 'firmware',
    line: firmwareLine,
    judge(answer) {
      const [kind = '', secure] = answer.trim().split(/\s+/);
      const value = kind === 'uefi' && secure === '1' ? 'uefi-secure' : kind;
      return { ok: value === wanted, value: value || 'unknown' };
    },
  };
}
