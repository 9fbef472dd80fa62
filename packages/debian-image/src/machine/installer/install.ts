import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@nx-debian-image/report';
import type { Accelerator } from '../accelerator.ts';
import { cancelled, type MachineOptions } from '../guest.ts';
import { startMachine } from '../machine.ts';
import { InstallerConsole, type InstallerEvent } from './console.ts';
import { judgeInstallation } from './verdict.ts';

export interface InstallationOptions extends Omit<MachineOptions, 'onOutput' | 'reboot'> {
  readonly limitSeconds: number;
}

const pollMs = 250;

/**
 * Runs debian-installer in a machine until it turns it off, telling each of its steps. Gives what carried out its instructions. Fails as
 * `judgeInstallation` says, with the end of the console, and as `startMachine` does. No machine is left behind.
 */
export async function runInstaller(options: InstallationOptions): Promise<Accelerator> {
  const { limitSeconds, progress, signal } = options;
  const console = new InstallerConsole();
  const seen = { at: Date.now(), panicked: false, poweredOff: false };
  const tell = tellEvents(progress);
  const begin = Date.now();
  const onOutput = (chunk: Buffer): void => {
    seen.at = Date.now();
    for (const event of console.feed(chunk)) {
      if (event.kind === 'panic') seen.panicked = true;
      if (event.kind === 'powered-off') seen.poweredOff = true;
      tell(event);
    }
  };
  const machine = await startMachine({ ...options, onOutput, reboot: false });
  let ended = false;
  void machine.ended.then(() => (ended = true));
  try {
    for (;;) {
      if (signal?.aborted) throw cancelled();
      const { spoken, question, lastLines } = console;
      const now = Date.now();
      const sight = { ...seen, spoken, question, lastLines, ended, waited: (now - begin) / 1000, silent: (now - seen.at) / 1000 };
      const verdict = judgeInstallation(sight, { seconds: limitSeconds });
      if (verdict === true) return machine.accelerator;
      if (verdict !== false) {
        const { reason, message, said, hint } = verdict;
        throw new Failure(reason, message, { where: machine.consoleLog, ...(said ? { said } : {}), ...(hint ? { hint } : {}) });
      }
      await sleep(pollMs);
    }
  } finally {
    await machine.stop();
  }
}

/** A step takes minutes: how far it is, is said where that has changed by a quarter. */
const percentStep = 25;

function tellEvents(progress: MachineOptions['progress']): (event: InstallerEvent) => void {
  let name = '';
  let told = 0;
  return (event) => {
    if (event.kind === 'step') {
      name = event.name;
      told = 0;
      progress.step(`installer: ${name}`);
    }
    if (event.kind === 'percent' && event.percent - told >= percentStep) {
      told = event.percent - (event.percent % percentStep);
      progress.note(`${name}: ${event.percent} %`);
    }
  };
}
