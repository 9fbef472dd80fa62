import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineCommand } from '../command.ts';
import { ConsoleReader } from '../console.ts';
import { start } from '../spawn.ts';

/** What a test starts a disk by; `secure-boot` is UEFI with Microsoft's keys and nothing else. */
export type TestFirmware = 'bios' | 'uefi' | 'secure-boot';

/** OVMF as Debian's package ovmf has it; Secure Boot needs a processor mode in which the guest cannot write to the firmware's variables. */
const ovmf = {
  uefi: { code: 'OVMF_CODE_4M.fd', variables: 'OVMF_VARS_4M.fd', args: [] },
  'secure-boot': {
    code: 'OVMF_CODE_4M.secboot.fd',
    variables: 'OVMF_VARS_4M.ms.fd',
    args: ['-machine', 'smm=on', '-global', 'driver=cfi.pflash01,property=secure,value=on'],
  },
};

export interface DiskBoot {
  readonly firmware: TestFirmware;
  readonly disk: { readonly path: string; readonly format: 'raw' | 'qcow2' };
  /** A folder for the firmware's variables and the console's log. */
  readonly folder: string;
  readonly memory?: number;
  readonly limitSeconds: number;
}

/** For tests: starts a disk by its firmware in one software processor, for with two Secure Boot waits in each service of the firmware, and gives what the console said until the login prompt. */
export async function bootDisk({ firmware, disk, folder, memory = 512 * 2 ** 20, limitSeconds }: DiskBoot): Promise<string> {
  const call = machineCommand(
    { architecture: 'amd64', memory, processors: 1, disks: [{ ...disk, snapshot: true }], network: false },
    'tcg',
  );
  const child = start({ ...call, args: [...call.args, ...(await firmwareArguments(firmware, folder))] });
  const reader = new ConsoleReader();
  const said: Buffer[] = [];
  const timer = setTimeout(() => void child.end(), limitSeconds * 1000);
  try {
    for await (const chunk of child.output as AsyncIterable<Buffer>) {
      said.push(chunk);
      reader.feed(chunk);
      if (reader.state === 'login') break;
    }
  } finally {
    clearTimeout(timer);
    await child.end();
    await writeFile(join(folder, `${firmware}.log`), Buffer.concat(said));
  }
  if (reader.state !== 'login') throw new Error(`no login prompt by ${firmware}: ${[child.said(), ...reader.lastLines].join('\n')}`);
  return Buffer.concat(said).toString('utf8');
}

async function firmwareArguments(firmware: TestFirmware, folder: string): Promise<string[]> {
  if (firmware === 'bios') return [];
  const { code, variables, args } = ovmf[firmware];
  const own = join(folder, variables);
  await copyFile(join('/usr/share/OVMF', variables), own);
  const flash = (file: string, more: string): string[] => ['-drive', `if=pflash,format=raw,file=${file}${more}`];
  return [...args, ...flash(join('/usr/share/OVMF', code), ',readonly=on'), ...flash(own, '')];
}
