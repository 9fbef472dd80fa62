import { serialConsole } from '../../../debian/serial-console.ts';
import { type Command, command } from '../../../host/index.ts';
import type { Image } from '../../../image/index.ts';
import { machineArchitectureOf, type MachineParts } from '../../../machine/index.ts';
import { type EarlyOptions, earlyProgram } from '../../../machine/inside/early.ts';
import { chainName } from '../../../disk/chain.ts';
import type { ConfigureFacts } from '../facts.ts';
import type { FileEntry } from '../files.ts';
import { planConfigure } from '../plan.ts';
import type { ConfigureScript } from '../script.ts';

/** The steps of both parts in one script, for each start of a machine takes its time. */
export function planDiskScript(image: Image, facts: ConfigureFacts, files: readonly FileEntry[]): ConfigureScript {
  const { settings, own } = planConfigure(image, facts, files);
  return { steps: [...settings.steps, ...(own?.steps ?? [])] };
}

/** The bytes of a qcow2 as a raw file, for tools that read no other. */
export function rawCommand(disk: string, target: string): Command {
  return command('qemu-img', ['convert', '-O', 'raw', chainName([disk]), target]);
}

/** An empty qcow2 that names nothing below it: what that is is said wherever it is opened. */
export function deltaCommand(target: string, bytes: number): Command {
  return command('qemu-img', ['create', '-q', '-f', 'qcow2', target, String(bytes)]);
}

/** A tar of a folder, the same for the same files, as the bytes of a disk. */
export function filesCommand(folder: string, target: string): Command {
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  return command('tar', ['--create', ...same, '--file', target, '--directory', folder, '.']);
}

/** The root's device as the first virtio disk of a machine. */
export function rootDevice(partition: number): string {
  return partition === 0 ? 'vda' : `vda${partition}`;
}

/** The machine's second disk. */
export const filesDevice: EarlyOptions['files'] = 'vdb';

/** What a system and the work in it need of memory, beside the files of the run: those lie in memory. In bytes. */
const memory = 1 << 30;

export interface DiskMachine {
  /** The installed disk, and what is changed of it. */
  readonly disk: string;
  readonly changes: string;
  /** A tar, as `filesCommand` makes it, and the bytes in it. */
  readonly files: string;
  readonly fileBytes: number;
  readonly kernel: string;
  /** With `earlyRamdisk` before it. */
  readonly ramdisk: string;
  readonly processors: number;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** A machine without network that boots the system's own kernel into the script. Failure `invalid` for an architecture that none plays. */
export function diskMachine({ arch, release }: Pick<Image, 'arch' | 'release'>, parts: DiskMachine): MachineParts {
  const architecture = machineArchitectureOf(arch);
  const { disk, changes, files, fileBytes, kernel, ramdisk, processors, epoch } = parts;
  return {
    architecture,
    release,
    memory: memory + fileBytes,
    processors,
    disks: [
      { path: changes, format: 'qcow2', upon: [disk] },
      { path: files, format: 'raw', readOnly: true },
    ],
    kernel,
    ramdisk,
    // a panic ends the machine
    commandLine: `rdinit=${earlyProgram} console=${serialConsole(arch)} panic=1`,
    network: false,
    clock: new Date(epoch * 1000),
  };
}
