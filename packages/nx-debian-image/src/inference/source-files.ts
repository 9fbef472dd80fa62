import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type StageName, stages } from '../stages.ts';

/** The imports of a TypeScript file that are there when it runs, from the beginning or later; those of types alone are not. */
const importPattern = /^(?:import|export)\s+(?!type\b)(?:[^;'"]*?from\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** What only tells of runs, and what only carries results between machines, each byte checked by its digest. */
const decideNothing = ['nx-debian-image/src/reasons/', 'debian-image/src/exchange/'];

/**
 * The files of this plugin's own packages that run in each stage, relative to the packages' folder: all that its executor imports,
 * leaving the rooms of other stages, and what else lies beside these files as data. Files that only test are not among them.
 */
export function sourceFilesOfStages(packagesFolder: string): Record<StageName, string[]> {
  const importsOf = memoize((file) => readImports(file, packagesFolder));
  const dataOf = memoize(readData);
  const sourceFilesOf = (stage: StageName): string[] => {
    const others = stages
      .filter(({ name }) => name !== stage)
      .map(({ name }) => join(packagesFolder, 'debian-image/src/stages', name, '/'));
    const rooms = [...others, ...decideNothing.map((room) => join(packagesFolder, room))];
    const reached = new Set([join(packagesFolder, 'nx-debian-image/src/executors', `${stage}.ts`)]);
    // A Set goes on with what is added on the way.
    for (const file of reached) {
      for (const next of importsOf(file)) if (!rooms.some((room) => next.startsWith(room))) reached.add(next);
    }
    const data = [...new Set([...reached].map((file) => dirname(file)))].flatMap(dataOf);
    return [...reached, ...data].map((file) => relative(packagesFolder, file)).toSorted();
  };
  return Object.fromEntries(stages.map(({ name }) => [name, sourceFilesOf(name)])) as Record<StageName, string[]>;
}

function readImports(file: string, packagesFolder: string): string[] {
  // What is not there fails when it runs; here it only decides nothing.
  if (!existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(importPattern)].flatMap(([, first, later]) => {
    const specifier = first ?? later ?? '';
    if (specifier.startsWith('.')) return [join(dirname(file), specifier)];
    const own = /^@nx-debian-image\/([\w-]+)(\/[\w-]+)?$/.exec(specifier);
    return own === null ? [] : entryOf(join(packagesFolder, own[1]!), own[2]);
  });
}

/** The source of an entry of a package, such as `/verify`, as its package.json names it; of the package itself where none is given. */
function entryOf(packageFolder: string, entry: string | undefined): string[] {
  if (entry === undefined) return [join(packageFolder, 'src/index.ts')];
  const { exports } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly '@nx-debian-image/source'?: string }>>;
  };
  const source = exports[`.${entry}`]?.['@nx-debian-image/source'];
  return source === undefined ? [] : [join(packageFolder, source)];
}

function readData(folder: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.ts')).map((entry) => join(folder, entry.name));
}

function memoize(read: (path: string) => string[]): (path: string) => string[] {
  const known = new Map<string, string[]>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const found = read(path);
    known.set(path, found);
    return found;
  };
}
