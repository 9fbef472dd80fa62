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
  const files = await readdir(lists);
  const states = suites.map(async ({ suite }): Promise<SuiteState[]> => {
    // apt names a list by its address, with _ for /
    const ending = `_dists_${suite.replaceAll('/', '_')}_`;
    const file = ['InRelease', 'Release'].map((name) => files.find((candidate) => candidate.endsWith(ending + name))).find(Boolean);
    if (file === undefined) return [];
    const text = await readFile(join(lists, file), 'utf8');
    const date = new Date(field(text, 'Date') ?? '');
    if (Number.isNaN(date.getTime())) return [];
    return [{ suite, date: date.toISOString().replace('.000Z', 'Z'), sha256: digestOf(text).slice('sha256:'.length) }];
  });
  return (await Promise.all(states)).flat();
}
