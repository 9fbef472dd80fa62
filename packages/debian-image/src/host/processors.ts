import { readFile } from 'node:fs/promises';
import { command } from './command.ts';
import { run } from './run.ts';

/** The processors that this process may use, as the kernel lists them: `0-3,8` (proc(5), Cpus_allowed_list). */
export async function allowedProcessors(): Promise<string> {
  return /^Cpus_allowed_list:\s+(\S+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1] ?? '0';
}

/** Lets this process, and the programs that it starts from now on, use these processors alone. */
export async function useProcessors(list: string): Promise<void> {
  const args = ['--all-tasks', '--cpu-list', '--pid', list, String(process.pid)];
  await run(command('taskset', args), { doing: `choosing the processors ${list}` });
}
