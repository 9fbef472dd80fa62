import type { Accelerator } from '../accelerator.ts';
import type { MachineOptions } from '../guest.ts';
import { startMachine } from '../machine.ts';
import { InstallationWatch } from './watch.ts';

export interface InstallationOptions extends Omit<MachineOptions, 'onOutput' | 'reboot'> {
  readonly limitSeconds: number;
}

/**
 * Runs debian-installer in a machine until it turns it off, telling each of its steps. Gives what carried out its instructions. Fails as
 * `judgeInstallation` says, with the end of the console, and as `startMachine` does. No machine is left behind.
 */
export async function runInstaller(options: InstallationOptions): Promise<Accelerator> {
  const watch = new InstallationWatch(options);
  const machine = await startMachine({ ...options, onOutput: (chunk) => watch.hear(chunk), reboot: false });
  try {
    await watch.untilDone(machine);
    return machine.accelerator;
  } finally {
    await machine.stop();
  }
}
