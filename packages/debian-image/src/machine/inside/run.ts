import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled, type Machine, type MachineOptions } from '../guest.ts';
import { startMachine } from '../machine.ts';
import { lostLine } from './early.ts';
import { beganLine, endedLine } from './script.ts';
import { type InsideLimits, judgeInside } from './verdict.ts';

export interface RunInsideOptions extends Omit<MachineOptions, 'onLine' | 'privateKey' | 'silenceSeconds'> {
  /** Each line of the script, not of the kernel. */
  readonly onLine: (line: string) => void;
  readonly limits?: InsideLimits;
}

/** A kernel in software speaks every few seconds; a script may compile something, without a word. */
const usualLimits: InsideLimits = { seconds: 4 * 3600, silence: { starting: 180, working: 3600 } };
const pollMs = 100;

/**
 * Starts a machine whose ramdisk begins with `earlyRamdisk`, waits until it has ended and gives the status of its script. Failures: those of
 * `startMachine` and `judgeInside`, with the console's file as the place; `cancelled`. No machine is left, however it ends.
 */
export async function runInside({ onLine, limits = usualLimits, ...options }: RunInsideOptions): Promise<number> {
  const heard = { began: false, status: undefined as number | undefined, lost: undefined as string | undefined, at: Date.now() };
  const hear = (line: string): void => {
    heard.at = Date.now();
    const ended = endedLine.exec(line);
    if (ended) heard.status = Number(ended[1]);
    else if (line === beganLine) heard.began = true;
    else if (lostLine.test(line)) heard.lost = lostLine.exec(line)![1]!;
    else if (heard.began && heard.status === undefined) onLine(line);
  };
  const begin = Date.now();
  const machine = await startMachine({ ...options, onLine: hear });
  let gone = false;
  void machine.ended.then(() => (gone = true));
  try {
    for (;;) {
      if (options.signal?.aborted) throw cancelled();
      const now = Date.now();
      const verdict = judgeInside(
        { ...heard, ...sightOf(machine), gone, waited: (now - begin) / 1000, silent: (now - heard.at) / 1000 },
        limits,
      );
      if (typeof verdict === 'number') return verdict;
      if (verdict !== undefined) throw verdict.at(options.consoleLog);
      await sleep(pollMs);
    }
  } finally {
    await machine.stop();
  }
}

function sightOf({ console, qmp }: Machine): { panicked: boolean; full: boolean; lastLines: readonly string[] } {
  return { panicked: console.state === 'panic', full: qmp.events.includes('BLOCK_IO_ERROR'), lastLines: console.lastLines };
}
