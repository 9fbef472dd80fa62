/** A program call as data, made by pure functions and carried out by `run` alone. Never a shell string. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables set for it, over a small fixed environment (see `run`). */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder it runs in. */
  readonly cwd?: string;
}

export function command(program: string, args: readonly string[], more: Omit<Command, 'program' | 'args'> = {}): Command {
  return { program, args, ...more };
}

/** The command as a line to paste into a shell, variables first. */
export function printable({ program, args, env = {}, cwd }: Command): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`);
  const line = [...variables, ...[program, ...args].map(quote)].join(' ');
  return cwd === undefined ? line : `cd ${quote(cwd)} && ${line}`;
}

/** A word as a POSIX shell reads it back unchanged. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
