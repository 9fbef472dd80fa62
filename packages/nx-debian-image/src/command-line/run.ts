import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { collectStore, keyInFile, type StoreRequest, storeUsage, usualKeyFile } from '@nx-debian-image/debian-image';
import { describe, Failure, type Progress, type ProgressOutput, suggest } from '@nx-debian-image/report';
import { pluginOptions } from '../plugin-options.ts';
import { packagesInLines } from './packages.ts';

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
       nx-debian-image key [--file=FILE]            makes a key that signs results, and says its public half for nx.json
       nx-debian-image packages [--verify] [IMAGE ...] the Debian packages that building these images needs here, all images where
                                                   none is named; with --verify those that starting them needs too

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
  const [room, command, ...more] = positionals;
  if (values.help || positionals.length === 0) return usage;
  if (room === 'key' && command === undefined && values.limit === undefined && !values.json && !values.verify) {
    return `${await keyInFile(resolve(folder, values.file ?? usualKeyFile(environment)), progress)}\n`;
  }
  const known = room === 'store' && more.length === 0 && values.file === undefined && !values.verify;
  const workspaceRoot = workspaceOf(folder);
  if (room === 'packages' && !values.json && values.limit === undefined) {
    const names = positionals.slice(1);
    return `${packagesInLines({ workspaceRoot: workspaceRoot ?? folder, names, verify: values.verify ?? false })}\n`;
  }
  const request: StoreRequest = { workspaceRoot: workspaceRoot ?? folder, plugin: optionsIn(workspaceRoot), environment };
  if (known && command === 'du' && values.limit === undefined) return `${await storeUsage(request, values.json ?? false)}\n`;
  if (known && command === 'collect' && !values.json) return `${await collectStore(request, values.limit, progress)}\n`;
  const near = suggest(positionals.join(' '), ['store du', 'store collect', 'key', 'packages']);
  throw new Failure(
    'invalid',
    `nx-debian-image knows no command ${JSON.stringify(words.join(' '))}${near === undefined ? '' : `; ${near}`}`,
    {
      said: usage,
    },
  );
}

function parse(words: readonly string[]) {
  const options = {
    json: { type: 'boolean' },
    limit: { type: 'string' },
    file: { type: 'string' },
    verify: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
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
