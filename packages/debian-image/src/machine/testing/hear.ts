import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silent } from '@nx-debian-image/report';
import { onTestFinished } from 'vitest';
import type { MachineOptions } from '../guest.ts';
import { startMachine } from '../machine.ts';

/** Starts a machine, waits until its console has said something, or the machine ends, and gives all that was said. */
export async function hear(words: RegExp, folder: string, parts: Pick<MachineOptions, 'disks'> & Partial<MachineOptions>): Promise<string> {
  let heard = (): void => {};
  const hearing = new Promise<void>((resolve) => (heard = resolve));
  let said = '';
  const machine = await startMachine({
    architecture: 'amd64',
    accelerator: { name: 'tcg', why: 'the same on every host' },
    memory: 256 * 2 ** 20,
    processors: 1,
    network: false,
    consoleLog: join(folder, 'console.log'),
    progress: silent,
    onOutput(chunk) {
      said += chunk.toString();
      if (words.test(said)) heard();
    },
    ...parts,
  });
  onTestFinished(() => machine.stop());
  await Promise.race([hearing, machine.ended, sleep(90_000, undefined, { ref: false })]);
  return said;
}
