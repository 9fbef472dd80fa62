import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface Daemon {
  readonly pid: number;
  /** Ends it in order, or at once with SIGKILL; waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface DaemonOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Takes all that it says. */
  readonly log: string;
  /** Asked again and again until it is true. */
  readonly ready: () => Promise<boolean>;
}

/** Debian's own Python, which has Debian's own modules. */
export const python = '/usr/bin/python3';

const startSeconds = 60;

/** Starts a server as a child of this process, which it never outlives, and waits until it answers; throws with its log where it does not. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const log = openSync(options.log, 'a');
  // setpriv (util-linux) ends it even where this process is killed.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', options.program, ...options.args], {
    cwd: options.folder,
    env: { PATH: process.env['PATH'], HOME: options.folder, LC_ALL: 'C.UTF-8', ...options.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  await once(child, 'spawn');
  const limit = Date.now() + startSeconds * 1000;
  while (!(await options.ready())) {
    if (isGone(child) || Date.now() > limit) {
      child.kill('SIGKILL');
      throw new Error(`${options.args.join(' ')} does not answer:\n${(await readFile(options.log, 'utf8')).slice(-3000)}`);
    }
    await wait(100);
  }
  return {
    pid: child.pid!,
    async stop(signal = 'SIGTERM') {
      if (isGone(child)) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(timer);
    },
  };
}

function isGone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Runs a program to its end; throws with its log where it fails. */
export async function runOnce(program: string, args: readonly string[], folder: string, log: string): Promise<void> {
  const output = openSync(log, 'a');
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', output, output] });
  closeSync(output);
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed (${status}):\n${(await readFile(log, 'utf8')).slice(-3000)}`);
}

/** A port of 127.0.0.1 that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
