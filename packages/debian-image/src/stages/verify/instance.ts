import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, type MachineParts, makeKeyPair, startMachine } from '../../machine/index.ts';
import type { Access } from './access.ts';
import { limitsFor } from './limits.ts';
import type { VerifyOptions } from './options.ts';

/** One run of an image. */
export interface Instance {
  readonly machine: Machine;
  readonly parts: MachineParts;
  /** A folder of its own; gone with the scratch of verify. */
  readonly folder: string;
  readonly consoleLog: string;
  readonly access: Access;
}

/** What makes instances of one image differ: their disks, and what starts them. `publicKey` is that of root's key. */
export type Preparation = (
  publicKey: string,
  folder: string,
) => Promise<Pick<MachineParts, 'disks' | 'kernel' | 'ramdisk' | 'commandLine' | 'firmware'>>;

/** Makes a key and a disk with it and starts them in a machine, which whoever asked for it stops. Failures: those of `startMachine`. */
export async function startInstance(options: VerifyOptions, name: string, access: Access, prepare: Preparation): Promise<Instance> {
  const { image, architecture, flavour, patience, accelerator, signal, progress, scratch } = options;
  const folder = join(scratch, name);
  await mkdir(folder);
  const key = await makeKeyPair(folder, signal);
  const parts: MachineParts = {
    architecture,
    release: image.release,
    memory: flavour.memory,
    processors: flavour.processors,
    // so that one that starts again and again is seen as that
    reboot: true,
    hotplug: true,
    ...(await prepare(key.publicKey, folder)),
  };
  const consoleLog = join(folder, 'console.log');
  const machine = await startMachine({
    ...parts,
    accelerator,
    consoleLog,
    privateKey: key.privateKey,
    silenceSeconds: limitsFor(patience).silence,
    progress,
    signal,
  });
  return { machine, parts, folder, consoleLog, access };
}
