import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@nx-debian-image/artifact-store';
import { field } from './package.ts';
import type { Suite } from './sources.ts';

/** A suite as it was when packages were chosen from it. */
export interface SuiteState {
  readonly suite: string;
  /** When the archive signed it, as ISO 8601 in UTC: the Date of its Release file. */
  readonly date: string;
  /** The sha256 of its InRelease, or of its Release where the archive signs that apart. */
  readonly sha256: string;
}

/** The state of each suite whose lists apt keeps in a folder; one that the archive lacks is left out. */
export async function suiteStates(lists: string, suites: readonly Pick<Suite, 'suite'>[]): Promise<SuiteState[]> {
  const states = suites.map(async ({ suite }): Promise<SuiteState[]> => {
    const text = await verifiedRelease(lists, suite);
    if (text === undefined) return [];
    const date = new Date(field(text, 'Date') ?? '');
    if (Number.isNaN(date.getTime())) return [];
    return [{ suite, date: date.toISOString().replace('.000Z', 'Z'), sha256: digestOf(text).slice('sha256:'.length) }];
  });
  return (await Promise.all(states)).flat();
}

/** The InRelease file of a suite, or its Release, as apt has verified it and keeps it in a folder of lists; undefined where there is none. */
export async function verifiedRelease(lists: string, suite: string): Promise<string | undefined> {
  const files = await readdir(lists);
  // apt names a list by its address, with _ for /
  const ending = `_dists_${suite.replaceAll('/', '_')}_`;
  const file = ['InRelease', 'Release'].map((name) => files.find((candidate) => candidate.endsWith(ending + name))).find(Boolean);
  return file === undefined ? undefined : readFile(join(lists, file), 'utf8');
}
