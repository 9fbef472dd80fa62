import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** For tests: the folder that holds the workspace's node_modules. */
const root = fileURLToPath(new URL('../../../../..', import.meta.url));

/** For tests: the call of node that runs a TypeScript file of this package. */
export function nodeCall(file: string, ...args: string[]): { program: string; args: string[]; cwd: string } {
  const loader = ['--conditions=@nx-debian-image/source', '--import', '@swc-node/register/esm-register'];
  return { program: process.execPath, args: [...loader, file, ...args], cwd: root };
}

/** For tests: the processes with a word in their command line. */
export async function processesNaming(word: string): Promise<string[]> {
  const lines: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    // one that has ended meanwhile has none
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const words = line.replaceAll('\0', ' ');
    if (words.includes(word)) lines.push(`${pid} ${words}`);
  }
  return lines;
}

/** For tests: those that are still there after some seconds. */
export async function remaining(word: string, seconds: number): Promise<string[]> {
  const end = Date.now() + seconds * 1000;
  let lines = await processesNaming(word);
  while (lines.length > 0 && Date.now() < end) {
    await sleep(50);
    lines = await processesNaming(word);
  }
  return lines;
}

/** For tests: what a program says up to so many lines `ready`. */
export async function untilReady(output: Readable, times: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: output })) {
    lines.push(line);
    if (lines.filter((said) => said === 'ready').length === times) return lines;
  }
  throw new Error(`it ended before it was ready: ${lines.join('\n')}`);
}
