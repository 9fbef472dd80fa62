import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type Progress } from '@nx-debian-image/report';
import { type Ran, run } from '../host/index.ts';
import type { Accelerator } from './accelerator.ts';
import { judgeBoot } from './boot-verdict.ts';
import type { MachineParts } from './command.ts';
import type { ConsoleReader } from './console.ts';
import type { Qmp } from './qmp.ts';
import type { Ending, Running } from './spawn.ts';
import { sshCommand } from './ssh.ts';

export interface MachineOptions extends MachineParts {
  /** The file that keeps what the serial console said, as it came; written anew. */
  readonly consoleLog: string;
  readonly progress: Progress;
  /** Ends the machine, and fails what waits on it as `cancelled`. */
  readonly signal?: AbortSignal;
  /** Path of the private key for `ssh`. */
  readonly privateKey?: string;
  /** Chosen by `chooseAccelerator` where not given. */
  readonly accelerator?: Accelerator;
  /** Silence of the console, in seconds, that no healthy boot has; 120 where not given. */
  readonly silenceSeconds?: number;
  /** How long a guest may say nothing at first under KVM before that counts as broken; 20 where not given. */
  readonly firstWordSeconds?: number;
  /** Each line of the console as plain text. */
  readonly onLine?: (line: string) => void;
  /** What the console says as it comes. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** A running machine. Whoever starts one calls `stop` in a `finally`; it also ends with this process, even one killed with -9. */
export interface Machine {
  readonly pid: number;
  readonly accelerator: Accelerator;
  readonly console: ConsoleReader;
  readonly consoleLog: string;
  readonly qmp: Qmp;
  /** Settles once the machine is gone; never rejects. */
  readonly ended: Promise<Ending>;
  /** Waits for the login prompt and gives the seconds since the start; fails as `judgeBoot` says. */
  untilLogin(limitSeconds: number): Promise<number>;
  /** Waits until sshd takes the key and gives the seconds since the start; fails as `timeout` or `unreachable`. */
  untilSsh(limitSeconds: number): Promise<number>;
  /** Runs a shell line as root. Its status is no failure, except 255, which ssh itself uses: `unreachable`. */
  ssh(line: string, limitSeconds?: number): Promise<Ran>;
  /** Writes to the serial console as if typed. */
  type(text: string | Uint8Array): void;
  /** Presses the power button and gives the seconds until the machine is gone; `timeout` where it stays. */
  powerOff(limitSeconds: number): Promise<number>;
  /** Waits until the guest has turned its machine off; `timeout` with `hint` where it does not. */
  untilOff(limitSeconds: number, hint?: string): Promise<void>;
  /** Ends the machine at once, if it still runs, and waits until its console log is whole. */
  stop(): Promise<void>;
}

const pollMs = 100;
/** One attempt of ssh; a guest in software takes several seconds for the key exchange. */
const sshTrySeconds = 30;

/** What waiting on a cancelled machine gives. */
export const cancelled = (): Failure => new Failure('cancelled', 'the machine was cancelled');

/** What a started machine is made of. */
export interface Inside {
  readonly options: MachineOptions;
  readonly accelerator: Accelerator;
  readonly child: Running;
  readonly reader: ConsoleReader;
  readonly heard: { readonly at: number };
  readonly qmp: Qmp;
  readonly port: number | undefined;
  readonly logged: Promise<void>;
}

/** The machine that `startMachine` gives. */
export class GuestMachine implements Machine {
  readonly #inside: Inside;
  readonly #begin = Date.now();
  #gone = false;

  constructor(inside: Inside) {
    this.#inside = inside;
    void inside.child.ended.then(() => (this.#gone = true));
  }

  get pid(): number {
    return this.#inside.child.pid ?? 0;
  }
  get accelerator(): Accelerator {
    return this.#inside.accelerator;
  }
  get console(): ConsoleReader {
    return this.#inside.reader;
  }
  get consoleLog(): string {
    return this.#inside.options.consoleLog;
  }
  get qmp(): Qmp {
    return this.#inside.qmp;
  }
  get ended(): Promise<Ending> {
    return this.#inside.child.ended;
  }

  /** Whether the console says anything within some seconds. */
  async speaks(seconds: number): Promise<boolean> {
    const limit = Date.now() + seconds * 1000;
    while (this.console.state === 'nothing' && !this.#gone && Date.now() < limit) await sleep(pollMs);
    return this.console.state !== 'nothing';
  }

  async untilLogin(limitSeconds: number): Promise<number> {
    const { options, reader, heard } = this.#inside;
    const limits = { seconds: limitSeconds, silence: options.silenceSeconds ?? 120 };
    for (;;) {
      this.#orCancelled();
      const silent = (Date.now() - heard.at) / 1000;
      const sight = {
        state: reader.state,
        lastLines: reader.lastLines,
        clue: reader.clue,
        waited: this.#seconds(),
        silent,
        ended: this.#gone,
      };
      const verdict = judgeBoot(sight, limits);
      if (verdict === true) return this.#seconds();
      if (verdict !== false) throw this.#told(verdict);
      await sleep(pollMs);
    }
  }

  async untilSsh(limitSeconds: number): Promise<number> {
    const limit = Date.now() + limitSeconds * 1000;
    while (Date.now() < limit) {
      this.#orCancelled();
      if (this.#gone) throw this.#told(new Failure('unreachable', 'the guest ended before ssh answered'));
      const status = await this.#ssh('true', sshTrySeconds).then(
        (ran) => ran.status,
        (error: unknown) => {
          if (error instanceof Failure && error.reason === 'timeout') return undefined;
          throw error;
        },
      );
      if (status === 0) return this.#seconds();
      await sleep(5 * pollMs);
    }
    const hint = 'Has the guest sshd, an address by DHCP and the key in /root/.ssh/authorized_keys?';
    throw this.#told(new Failure('timeout', `ssh did not answer within ${limitSeconds} s`, { hint }));
  }

  async ssh(line: string, limitSeconds = 120): Promise<Ran> {
    const ran = await this.#ssh(line, limitSeconds);
    if (ran.status === 255) throw this.#told(new Failure('unreachable', `ssh to the guest failed: ${line}`));
    return ran;
  }

  type(text: string | Uint8Array): void {
    this.#inside.child.input.write(text);
  }

  async powerOff(limitSeconds: number): Promise<number> {
    const begin = Date.now();
    if (!this.#gone) await this.qmp.powerDown();
    await this.untilOff(limitSeconds, 'Something in the guest must listen to the power button: systemd-logind with dbus, or acpid.');
    return (Date.now() - begin) / 1000;
  }

  async untilOff(limitSeconds: number, hint?: string): Promise<void> {
    const limit = Date.now() + limitSeconds * 1000;
    while (!this.#gone) {
      this.#orCancelled();
      if (Date.now() > limit) {
        throw this.#told(
          new Failure('timeout', `the guest did not power off within ${limitSeconds} s`, hint === undefined ? {} : { hint }),
        );
      }
      await sleep(pollMs);
    }
  }

  async stop(): Promise<void> {
    await this.#inside.child.end();
    await this.#inside.logged;
  }

  async #ssh(line: string, limitSeconds: number): Promise<Ran> {
    const { port, options } = this.#inside;
    if (port === undefined || options.privateKey === undefined) throw new Error('this machine was started without network or key');
    const every = Array.from({ length: 256 }, (_, status) => status);
    return run(sshCommand(port, options.privateKey, line), {
      doing: 'asking the guest by ssh',
      accept: every,
      timeoutSeconds: limitSeconds,
      ...(options.signal ? { signal: options.signal } : {}),
    });
  }

  #seconds(): number {
    return (Date.now() - this.#begin) / 1000;
  }

  #orCancelled(): void {
    if (this.#inside.options.signal?.aborted) throw cancelled();
  }

  /** A failure with the last lines of the console and the file that has them all. */
  #told(failure: Failure): Failure {
    const lines = this.console.lastLines.join('\n');
    const { hint } = failure;
    return new Failure(failure.reason, failure.message, { where: this.consoleLog, said: lines, ...(hint ? { hint } : {}) });
  }
}
