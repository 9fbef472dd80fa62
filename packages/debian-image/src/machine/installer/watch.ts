import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '@nx-debian-image/report';
import { cancelled } from '../guest.ts';
import { InstallerConsole, type InstallerEvent } from './console.ts';
import { judgeInstallation } from './verdict.ts';

export interface WatchOptions {
  readonly limitSeconds: number;
  /** The file with the whole console, for messages. */
  readonly consoleLog: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

const pollMs = 250;

/** Follows an installation by what its console says, wherever its machine runs; the time that it may take begins with the watch. */
export class InstallationWatch {
  readonly #options: WatchOptions;
  readonly #console = new InstallerConsole();
  readonly #begin = Date.now();
  readonly #tell: (event: InstallerEvent) => void;
  #heard = Date.now();
  /** What was said up to a panic: its trace, which follows, would hide it. */
  #panic: readonly string[] | undefined;
  #poweredOff = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#tell = tellEvents(options.progress);
  }

  /** Takes what the console says as it comes. */
  hear(chunk: Uint8Array): void {
    this.#heard = Date.now();
    for (const event of this.#console.feed(chunk)) {
      if (event.kind === 'panic') this.#panic ??= this.#console.lastLines;
      if (event.kind === 'powered-off') this.#poweredOff = true;
      this.#tell(event);
    }
  }

  /** Waits until the installation is done, its machine off. Fails as `judgeInstallation` says, with the end of the console, and as `cancelled`. */
  async untilDone(machine: { readonly ended: Promise<unknown> }): Promise<void> {
    const { limitSeconds, consoleLog, signal } = this.#options;
    let ended = false;
    void machine.ended.then(() => (ended = true));
    for (;;) {
      if (signal?.aborted) throw cancelled();
      const verdict = judgeInstallation(this.#sight(ended), { seconds: limitSeconds });
      if (verdict === true) return;
      if (verdict !== false) throw verdict.at(consoleLog);
      await sleep(pollMs);
    }
  }

  #sight(ended: boolean): Parameters<typeof judgeInstallation>[0] {
    const { spoken, question } = this.#console;
    const lastLines = this.#panic ?? this.#console.lastLines;
    const now = Date.now();
    const seen = { panicked: this.#panic !== undefined, poweredOff: this.#poweredOff, ended };
    return { ...seen, spoken, question, lastLines, waited: (now - this.#begin) / 1000, silent: (now - this.#heard) / 1000 };
  }
}

/** A step takes minutes: how far it is, is said where that has changed by a quarter. */
const percentStep = 25;

function tellEvents(progress: Progress): (event: InstallerEvent) => void {
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
