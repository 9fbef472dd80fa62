import type { Machine } from '../../../machine/index.ts';
import type { Question } from './questions.ts';

/** Where the programs of root are: sshd gives a line of its own a shorter list on some releases. */
export const rootPath = 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C';

/** The line before the answer to the question of a number. */
const marker = '::answer ';

/** One shell script for some questions: each connection of ssh costs a software processor seconds. Pure. */
export function askingScript(asked: readonly Question[]): string {
  return [rootPath, ...asked.map(({ line }, index) => `printf '\\n${marker}%s\\n' ${index}\n( ${line} ) 2>/dev/null`)].join('\n');
}

/** The answers in what such a script says, in the order of the questions; empty where it did not come to one. Pure. */
export function readAnswers(said: string, count: number): string[] {
  const answers = new Map(
    said
      .split(`\n${marker}`)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        return [Number(part.slice(0, end)), part.slice(end + 1)] as const;
      }),
  );
  return Array.from({ length: count }, (_, index) => answers.get(index) ?? '');
}

/** Asks a guest some questions and gives the answers. Failures: those of `Machine.ssh`. */
export async function ask(machine: Machine, asked: readonly Question[], limitSeconds: number): Promise<string[]> {
  return readAnswers((await machine.ssh(askingScript(asked), limitSeconds)).stdout, asked.length);
}
