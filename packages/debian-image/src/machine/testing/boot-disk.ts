import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineCommand } from '../command.ts';
import { ConsoleReader } from '../console.ts';
import { type FirmwareName, prepareFirmware } from '../firmware.ts';
import { start } from '../spawn.ts';

export interface DiskBoot {
  readonly architecture: 'amd64' | 'arm64';
  readonly firmware: FirmwareName;
  readonly disk: { readonly path: string; readonly format: 'raw' | 'qcow2' };
  /** A folder for the firmware's variables and the console's log. */
  readonly folder: string;
  readonly memory?: number;
  readonly limitSeconds: number;
}

/** For tests: starts a disk by its firmware in one software processor, for with two Secure Boot waits in each service of the firmware, and gives what the console said until the login prompt. */
export async function bootDisk({ architecture, firmware, disk, folder, memory = 512 * 2 ** 20, limitSeconds }: DiskBoot): Promise<string> {
  const parts = { architecture, memory, processors: 1, disks: [{ ...disk, snapshot: true }], network: false } as const;
  const child = start(machineCommand({ ...parts, firmware: await prepareFirmware({ name: firmware, architecture }, folder) }, 'tcg'));
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
    await writeFile(join(folder, `${architecture}-${firmware}.log`), Buffer.concat(said));
  }
  if (reader.state !== 'login')
    throw new Error(`no login prompt of ${architecture} by ${firmware}: ${[child.said(), ...reader.lastLines].join('\n')}`);
  return Buffer.concat(said).toString('utf8');
}
