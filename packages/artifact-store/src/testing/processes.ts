import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
const loader = ['--conditions=@nx-debian-image/source', '--import', '@swc-node/register/esm-register'];
const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The call that runs `worker.ts`. */
export function workerCommand(task: string, ...more: string[]): { program: string; args: string[]; cwd: string } {
  return { program: process.execPath, args: [...loader, worker, task, ...more], cwd: root };
}

/** Starts `worker.ts` as another process. */
export function startWorker(task: string, ...more: string[]): ChildProcessByStdio<null, Readable, null> {
  const { program, args, cwd } = workerCommand(task, ...more);
  return spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What a worker says until it ends by itself; an error where it fails. */
export async function finished(child: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => void (said += bytes.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`the worker ended with ${status}`);
  return said.trim();
}

/** Kills a worker with SIGKILL after it has said something. */
export async function killInTheMiddle(child: ChildProcessByStdio<null, Readable, null>): Promise<void> {
  await once(child.stdout, 'data');
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
