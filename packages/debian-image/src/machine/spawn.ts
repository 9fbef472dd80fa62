import { spawn } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Command } from '../host/index.ts';
import { baseEnvironment } from '../host/run.ts';

/** How a child ended: a status, or the signal that ended it; `error` where it never began. */
export interface Ending {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: NodeJS.ErrnoException;
}

/** A child that goes on while this process does other things. */
export interface Running {
  readonly pid: number | undefined;
  readonly input: Writable;
  readonly output: Readable;
  /** The socket that the child has as descriptor 3. */
  readonly socket: Duplex;
  /** Settles once the child is gone; never rejects. */
  readonly ended: Promise<Ending>;
  /** The last lines of its standard error. */
  said(): string;
  /** Ends it: SIGTERM, and SIGKILL after three seconds. */
  end(): Promise<Ending>;
}

const killAfterMs = 3000;
const saidLength = 4000;

/**
 * Starts a program that stays. Beside `run`, the only place that starts one: `run` waits for the end of a program and gives it no
 * socket, while a machine is spoken with as it runs. Environment and ending are those of `run`.
 */
export function start({ program, args, env, cwd }: Command): Running {
  const child = spawn(program, args, {
    env: { ...baseEnvironment(process.env), ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [input, output, errors, socket] = child.stdio;
  // A child that ends while being written to breaks its pipes; `ended` tells of that.
  for (const stream of [input, output, errors, socket]) stream?.on('error', () => {});
  let said = '';
  errors.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-saidLength);
  });
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal }));
    child.on('error', (error) => resolve({ status: null, signal: null, error }));
  });
  return {
    pid: child.pid,
    input,
    output,
    socket: socket as Duplex,
    ended,
    said: () => said.trimEnd(),
    async end() {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      return ended.finally(() => clearTimeout(kill));
    },
  };
}
