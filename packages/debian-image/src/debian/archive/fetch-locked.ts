import { join } from 'node:path';
import type { Store } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { download, type DownloadOptions, type Lost, spaceRanOut } from './download.ts';
import { digestOf, noSpace } from './fetch.ts';
import type { PackageSource, SoughtPackage } from './package-source.ts';

export interface FetchLockedOptions extends DownloadOptions {
  /** Packages that the store lacks. */
  readonly packages: readonly SoughtPackage[];
  /** Where they may be, tried in turn. */
  readonly sources: readonly PackageSource[];
  readonly store: Store;
  /** What the user can do where a package is nowhere any more, as a full sentence. */
  readonly hint: string;
}

/** What came of asking a source for a package: why it has not given it, in words for the end of a line. */
type Outcome = 'does not have it' | 'cannot be reached' | 'has other bytes' | 'broke off' | `answers ${number}`;

interface Attempt {
  readonly source: string;
  readonly outcome: Outcome;
}

/**
 * Brings packages of a lock into the store, each from the first source that has exactly its bytes. Fails as `not-found` with the names of
 * those that no source has any more, `unreachable` where one of the sources could not be asked, `bad-digest` where what a source
 * has under the name is something else; what came whole is kept.
 */
export async function fetchLockedPackages(options: FetchLockedOptions): Promise<void> {
  const { packages, sources, progress } = options;
  const outcomes = new Map<string, Attempt[]>(packages.map(({ sha256 }) => [sha256, []]));
  let missing = packages;
  for (const source of sources) {
    if (missing.length === 0) return;
    const tried = await trySource(source, missing, options);
    for (const [sha256, outcome] of tried) outcomes.get(sha256)!.push({ source: source.name, outcome });
    const wrong = missing.filter(({ sha256 }) => tried.get(sha256) === 'has other bytes');
    for (const { name, version } of wrong) progress.warn(`${source.name} has other bytes as ${name} ${version}; nothing of them was used`);
    missing = missing.filter(({ sha256 }) => tried.has(sha256));
  }
  if (missing.length > 0) throw explain(missing, outcomes, options.hint);
}

/** Asks one source for packages; those that came whole are in the store, the others are given with what came of it. */
async function trySource(
  source: PackageSource,
  packages: readonly SoughtPackage[],
  options: FetchLockedOptions,
): Promise<Map<string, Outcome>> {
  // one that is away is found out by the smallest alone, for each attempt to reach it takes long
  const [scout, ...others] = packages.toSorted((a, b) => a.size - b.size);
  const first = await tryAddresses(source, [scout!], options);
  if (others.length === 0) return first;
  if (first.get(scout!.sha256) !== 'cannot be reached') return new Map([...first, ...(await tryAddresses(source, others, options))]);
  return new Map(packages.map(({ sha256 }) => [sha256, 'cannot be reached']));
}

async function tryAddresses(
  source: PackageSource,
  packages: readonly SoughtPackage[],
  options: FetchLockedOptions,
): Promise<Map<string, Outcome>> {
  const { store } = options;
  const outcomes = new Map<string, Outcome>(packages.map(({ sha256 }) => [sha256, 'does not have it']));
  const scratch = await store.scratch();
  try {
    const ask = (label: string) => (wanted: Parameters<typeof download>[0]) => download(wanted, scratch.folder, label, options);
    const { addresses, lost } = await source.locate(packages, ask(`asking ${source.name} for ${packages.length} packages`), scratch.folder);
    for (const [sha256, why] of lost) outcomes.set(sha256, outcomeOf(why));
    const rounds = Math.max(0, ...[...addresses.values()].map(({ length }) => length));
    for (let round = 0; round < rounds; round += 1) {
      const wanted = packages.flatMap(({ sha256, size }) => {
        const uri = outcomes.has(sha256) ? addresses.get(sha256)?.[round] : undefined;
        return uri === undefined ? [] : [{ uri, name: sha256, size }];
      });
      if (wanted.length === 0) continue;
      const notCome = await ask(`fetching ${wanted.length} ${wanted.length === 1 ? 'package' : 'packages'} from ${source.name}`)(wanted);
      if (spaceRanOut(notCome.values())) throw noSpace(`${notCome.size} of ${packages.length} packages could not be fetched`);
      for (const { name } of wanted) {
        const why = notCome.get(name);
        if (why !== undefined) outcomes.set(name, outcomeOf(why));
        else if (await take(join(scratch.folder, name), name, store)) outcomes.delete(name);
        else outcomes.set(name, 'has other bytes');
      }
    }
    return outcomes;
  } finally {
    await scratch.dispose();
  }
}

/** Moves a file into the store; false where it is something else than its digest says. */
async function take(file: string, sha256: string, store: Store): Promise<boolean> {
  try {
    await store.putFile(file, { expect: digestOf({ sha256 }) });
    return true;
  } catch (error) {
    if (error instanceof Failure && error.reason === 'bad-digest') return false;
    throw error;
  }
}

/** Exit statuses of curl after which its server has at least been reached: an answer that is an error, and half a file. */
const [errorAnswer, partialFile] = [22, 18];

function outcomeOf({ exit, http }: Lost): Outcome {
  if (exit === partialFile) return 'broke off';
  if (exit !== errorAnswer) return 'cannot be reached';
  return http === 404 || http === 410 ? 'does not have it' : `answers ${http}`;
}

const shownPackages = 20;

function explain(missing: readonly SoughtPackage[], outcomes: ReadonlyMap<string, readonly Attempt[]>, hint: string): Failure {
  const byAttempts = new Map<string, string[]>();
  for (const { name, version, sha256 } of missing) {
    const attempts = outcomes.get(sha256)!.map(({ source, outcome }) => `${source} ${outcome}`);
    byAttempts.set(attempts.join(', '), [...(byAttempts.get(attempts.join(', ')) ?? []), `${name} ${version}`]);
  }
  const said = [...byAttempts].map(([attempts, names]) => `${listed(names)}: ${attempts}`).join('\n');
  const what = missing.length === 1 ? 'a locked package' : `${missing.length} locked packages`;
  const reasons = new Set(missing.flatMap(({ sha256 }) => outcomes.get(sha256)!.map(({ outcome }) => outcome)));
  if ([...reasons].every((outcome) => outcome === 'does not have it' || outcome === 'has other bytes')) {
    return new Failure(reasons.has('has other bytes') ? 'bad-digest' : 'not-found', `${what} can no longer be had anywhere`, {
      said,
      hint,
    });
  }
  return new Failure('unreachable', `${what} could not be fetched`, {
    said,
    hint: 'Check the network and the mirror, then run it again: what has been fetched is kept.',
  });
}

function listed(names: readonly string[]): string {
  const more = names.length > shownPackages ? ` and ${names.length - shownPackages} more` : '';
  return names.slice(0, shownPackages).join(', ') + more;
}
