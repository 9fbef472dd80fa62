import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { Command } from './command.ts';
import { baseEnvironment, tied } from './run.ts';

/**
 * Runs a program on the person's own terminal, with `third` as its file descriptor 3, and gives its exit status. Unlike `run` it hears
 * nothing of what is said, and a status other than 0 is the person's business.
 */
export async function attach(command: Command, third: Readable): Promise<number> {
  const [program, ...args] = tied(command);
  const { exitCode } = await execa(program, args, {
    extendEnv: false,
    env: { ...baseEnvironment(process.env), ...command.env },
    reject: false,
    buffer: false,
    stdio: ['inherit', 'inherit', 'inherit', [third, 'pipe']],
  });
  return exitCode ?? 1;
}
