import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { StoreRequest } from '@nx-debian-image/debian-image';
import { describe, Failure, type Progress, type ProgressOutput, suggest } from '@nx-debian-image/report';
import { pluginOptions } from '../plugin-options.ts';
import { type Command, commands, type Values } from './commands.ts';

/** What a command line has around it. */
export interface Surroundings {
  /** Where it was called: in a workspace, or anywhere. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly output: ProgressOutput;
  readonly errors: ProgressOutput;
  readonly progress: Progress;
}

const usage = `usage: nx-debian-image store du [--json]            what the store has, and which image has what
       nx-debian-image store collect [--limit=SIZE] removes what was not used for longest; SIZE such as 20GiB
       nx-debian-image packages [--verify] [IMAGE ...] the Debian packages that building these images needs here, all images where
                                                   none is named; with --verify those that starting them needs too
       nx-debian-image key [--file=FILE]            makes a key that signs results, and says its public half for nx.json

The store is that of the workspace in whose folders it is called, else that of this user.
`;

/** Carries out a command line and gives the status to exit with. */
export async function runCommandLine(words: readonly string[], around: Surroundings): Promise<number> {
  try {
    around.output.write(`${await carryOut(words, around)}`);
    return 0;
  } catch (error) {
    around.errors.write(`${describe(error)}\n`);
    return 1;
  }
}

async function carryOut(words: readonly string[], { folder, environment, progress }: Surroundings): Promise<string> {
  const { positionals, values } = parse(words);
  if (values.help || positionals.length === 0) return usage;
  const command = commandOf(positionals, values);
  if (command === undefined) throw unknown(words, positionals);
  const workspace = workspaceOf(folder);
  const workspaceRoot = workspace ?? folder;
  const store = (): StoreRequest => ({ workspaceRoot, plugin: optionsIn(workspace), environment });
  const names = positionals.slice(command.name.split(' ').length);
  return `${await command.run({ values, names, folder, progress, environment, store, workspaceRoot })}\n`;
}

/** The command that the words name, where it takes what is given with it. */
function commandOf(positionals: readonly string[], values: Values): Command | undefined {
  const given = Object.keys(values) as (keyof Values)[];
  return commands.find(({ name, options, takesNames = false }) => {
    const own = name.split(' ');
    const named = own.every((word, index) => word === positionals[index]) && (takesNames || positionals.length === own.length);
    return named && given.every((option) => options.includes(option));
  });
}

function unknown(words: readonly string[], positionals: readonly string[]): Failure {
  const near = suggest(
    positionals.join(' '),
    commands.map(({ name }) => name),
  );
  const what = `nx-debian-image knows no command ${JSON.stringify(words.join(' '))}`;
  return new Failure('invalid', near === undefined ? what : `${what}; ${near}`, { said: usage });
}

function parse(words: readonly string[]) {
  const [flag, text] = [{ type: 'boolean' }, { type: 'string' }] as const;
  const options = { json: flag, limit: text, verify: flag, file: text, help: flag } as const satisfies Record<keyof Values, object>;
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new Failure('invalid', error instanceof Error ? error.message : String(error), { said: usage });
  }
}

function workspaceOf(folder: string): string | undefined {
  if (existsSync(join(folder, 'nx.json'))) return folder;
  return dirname(folder) === folder ? undefined : workspaceOf(dirname(folder));
}

function optionsIn(workspaceRoot: string | undefined): StoreRequest['plugin'] {
  if (workspaceRoot === undefined) return {};
  const file = join(workspaceRoot, 'nx.json');
  try {
    return pluginOptions(JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof pluginOptions>[0]);
  } catch (error) {
    throw new Failure('invalid', 'nx.json cannot be read', { where: file, said: error instanceof Error ? error.message : String(error) });
  }
}
