import { resolve } from 'node:path';
import { collectStore, keyInFile, type StoreRequest, storeUsage, usualKeyFile } from '@nx-debian-image/debian-image';
import type { Progress } from '@nx-debian-image/report';
import { packagesInLines } from './packages.ts';

/** The options of all commands as they were given. */
export interface Values {
  readonly json?: boolean | undefined;
  readonly limit?: string | undefined;
  readonly verify?: boolean | undefined;
  readonly file?: string | undefined;
  readonly help?: boolean | undefined;
}

/** What a command is called with. */
interface Call {
  readonly values: Values;
  /** The words after the command. */
  readonly names: readonly string[];
  readonly folder: string;
  readonly progress: Progress;
  readonly environment: NodeJS.ProcessEnv;
  /** Reads nx.json of the workspace around the folder, where there is one. */
  readonly store: () => StoreRequest;
  /** The workspace around the folder, else the folder. */
  readonly workspaceRoot: string;
}

export interface Command {
  /** Its words, such as `store du`. */
  readonly name: string;
  readonly options: readonly (keyof Values)[];
  /** Whether words may follow it. */
  readonly takesNames?: boolean;
  /** Gives what it prints, without the line end. */
  run(call: Call): Promise<string>;
}

/** What can be done beside the targets of images. */
export const commands: readonly Command[] = [
  { name: 'store du', options: ['json'], run: ({ store, values }) => storeUsage(store(), values.json ?? false) },
  { name: 'store collect', options: ['limit'], run: ({ store, values, progress }) => collectStore(store(), values.limit, progress) },
  {
    name: 'packages',
    options: ['verify'],
    takesNames: true,
    run: async ({ workspaceRoot, names, values }) => packagesInLines({ workspaceRoot, names, verify: values.verify ?? false }),
  },
  {
    name: 'key',
    options: ['file'],
    run: ({ folder, values, environment, progress }) => keyInFile(resolve(folder, values.file ?? usualKeyFile(environment)), progress),
  },
];
