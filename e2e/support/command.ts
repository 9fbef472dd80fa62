import { spawn } from 'node:child_process';

export interface Outcome {
  readonly status: number;
  /** Standard output, and standard error where it was not asked for apart. */
  readonly output: string;
  readonly errors: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, however that is. */
export function attempt(program: string, args: readonly string[], { cwd, env = {} }: CommandOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? 1, output, errors }));
  });
}

/** Runs a program that must end well; gives its standard output. */
export async function run(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { status, output, errors } = await attempt(program, args, options);
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${status}:\n${output}${errors}`);
  return output;
}
