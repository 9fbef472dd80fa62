import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../../../../..', import.meta.url));
const loader = ['--conditions=@nx-debian-image/source', '--import', '@swc-node/register/esm-register'];

/** Starts `worker.ts` as another process. */
export function startWorker(...args: string[]): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [...loader, worker, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Waits until a worker ends by itself; an error where it fails. */
export async function finished(child: ChildProcessByStdio<null, Readable, null>): Promise<void> {
  child.stdout.resume();
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`the worker ended with ${status}`);
}

/** Kills a worker with SIGKILL some time after it has said something. */
export async function killAfter(child: ChildProcessByStdio<null, Readable, null>, milliseconds: number): Promise<void> {
  await once(child.stdout, 'data');
  child.stdout.resume();
  await sleep(milliseconds);
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
