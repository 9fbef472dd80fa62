import { join } from 'node:path';
import type { Digest, Store } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { download, type DownloadOptions, type Lost, spaceRanOut } from './download.ts';
import type { LockedPackage, Package } from './package.ts';

export interface FetchOptions extends DownloadOptions {
  readonly packages: readonly Package[];
  readonly store: Store;
}

/** The blob that a package is in the store, by the digest of the signed index. */
export function digestOf({ sha256 }: Pick<Package, 'sha256'>): Digest {
  return `sha256:${sha256}`;
}

/** The packages of which the store has no whole and right blob; a wrong one is put aside, with a warning. */
export async function missingPackages<Entry extends LockedPackage>(packages: readonly Entry[], store: Store): Promise<Entry[]> {
  const missing: Entry[] = [];
  for (const entry of packages) if (!(await store.verify(digestOf(entry)))) missing.push(entry);
  return missing;
}

/**
 * Brings the packages that the store lacks into it, several at a time; each is checked against the sha256 of the signed index.
 * Fails as `unreachable` with the names of those that did not come, `no-space` or `bad-digest`; what came whole is kept.
 */
export async function fetchPackages({ packages, store, ...options }: FetchOptions): Promise<void> {
  const missing = await missingPackages(packages, store);
  if (missing.length === 0) return;
  const scratch = await store.scratch();
  try {
    const wanted = missing.map(({ uri, sha256, size }) => ({ uri, name: sha256, size }));
    const lost = await download(wanted, scratch.folder, `fetching ${missing.length} packages`, options);
    for (const entry of missing.filter(({ sha256 }) => !lost.has(sha256))) {
      await store.putFile(join(scratch.folder, entry.sha256), { expect: digestOf(entry) }).catch((error: unknown) => {
        throw namePackage(entry, error);
      });
    }
    if (lost.size > 0) throw explainLost(missing, lost);
  } finally {
    await scratch.dispose();
  }
}

function explainLost(wanted: readonly Package[], statuses: ReadonlyMap<string, Lost>): Failure {
  const lost = wanted.filter(({ sha256 }) => statuses.has(sha256));
  const message = `${lost.length} of ${wanted.length} packages could not be fetched`;
  if (spaceRanOut(statuses.values())) return noSpace(message);
  return new Failure('unreachable', message, {
    said: lost
      .slice(0, 5)
      .map(({ name, version, uri }) => `${name} ${version}: ${uri}`)
      .join('\n'),
    hint: 'Check the network and the mirror, then run it again: what has been fetched is kept.',
  });
}

/** What a user is told where the store's disk is full. */
export function noSpace(message: string): Failure {
  return new Failure('no-space', `${message}: no space left for the store`, {
    hint: 'Free some space, then run it again: what has been fetched is kept.',
  });
}

function namePackage({ name, version, uri }: Package, error: unknown): unknown {
  if (!(error instanceof Failure) || error.reason !== 'bad-digest') return error;
  return new Failure('bad-digest', `${name} ${version} is not what the signed index promises`, {
    where: uri,
    said: error.message,
    hint: 'The mirror may be in the middle of an update, or tampered with. Nothing of it was used.',
  });
}
