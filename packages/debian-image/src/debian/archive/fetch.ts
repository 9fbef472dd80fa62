import { join } from 'node:path';
import type { Digest, Store } from '@nx-debian-image/artifact-store';
import { Failure, type Progress } from '@nx-debian-image/report';
import { type Command, command, run } from '../../host/index.ts';
import type { Package } from './package.ts';

const connections = 8;

/** The exit status of curl where a file cannot be written (curl(1), EXIT CODES). */
const writeError = 23;

export interface FetchOptions {
  readonly packages: readonly Package[];
  readonly store: Store;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The proxy that this machine's apt uses, if any. */
  readonly proxy: string | undefined;
}

/** The blob that a package is in the store, by the digest of the signed index. */
export function digestOf({ sha256 }: Pick<Package, 'sha256'>): Digest {
  return `sha256:${sha256}`;
}

/**
 * Brings the packages that the store lacks into it, several at a time; each is checked against the sha256 of the signed index.
 * Fails as `unreachable` with the names of those that did not come, `no-space` or `bad-digest`; what came whole is kept.
 */
export async function fetchPackages({ packages, store, progress, signal, proxy }: FetchOptions): Promise<void> {
  const present = await Promise.all(packages.map((entry) => store.has(digestOf(entry))));
  const missing = packages.filter((_, index) => !present[index]);
  if (missing.length === 0) return;
  const scratch = await store.scratch();
  try {
    const lost = await download(missing, scratch.folder, { progress, signal, proxy });
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

/** Downloads into `folder`, each file named by its sha256; gives the sha256 of those that did not come, each with curl's exit status for it. */
async function download(
  packages: readonly Package[],
  folder: string,
  { progress, signal, proxy }: Pick<FetchOptions, 'progress' | 'signal' | 'proxy'>,
): Promise<Map<string, number>> {
  const sizes = new Map(packages.map(({ sha256, size }) => [sha256, size]));
  const meter = progress.meter(
    `fetching ${packages.length} packages`,
    packages.reduce((sum, { size }) => sum + size, 0),
  );
  const lost = new Map(packages.map(({ sha256 }) => [sha256, 0]));
  await run(planDownload(folder, proxy), {
    doing: 'fetching packages',
    signal,
    input: packages.map(({ uri, sha256 }) => `url = "${uri}"\noutput = "${sha256}"\n`).join(''),
    // its status is that of the last transfer alone: what did not come is found by name
    accept: Array.from({ length: 99 }, (_, status) => status + 1),
    onLine(line) {
      const [, name = '', status] = /^done (\S+) (\d+)$/.exec(line) ?? [];
      if (status === undefined) return;
      if (status !== '0') lost.set(name, Number(status));
      else if (lost.delete(name)) meter.add(sizes.get(name) ?? 0);
    },
  });
  meter.done();
  return lost;
}

function explainLost(wanted: readonly Package[], statuses: ReadonlyMap<string, number>): Failure {
  const lost = wanted.filter(({ sha256 }) => statuses.has(sha256));
  const message = `${lost.length} of ${wanted.length} packages could not be fetched`;
  if ([...statuses.values()].includes(writeError)) {
    return new Failure('no-space', `${message}: no space left for the store`, {
      hint: 'Free some space, then run it again: what has been fetched is kept.',
    });
  }
  return new Failure('unreachable', message, {
    said: lost
      .slice(0, 5)
      .map(({ name, version, uri }) => `${name} ${version}: ${uri}`)
      .join('\n'),
    hint: 'Check the network and the mirror, then run it again: what has been fetched is kept.',
  });
}

/** curl with a list of transfers on standard input; it says `done FILE STATUS` after each, 0 where it came whole. */
export function planDownload(folder: string, proxy: string | undefined): Command {
  const limits = ['--connect-timeout', '30', '--speed-limit', '1000', '--speed-time', '60', '--retry', '3', '--retry-connrefused'];
  const parallel = ['--parallel', '--parallel-max', String(connections)];
  const report = ['--no-progress-meter', '--write-out', 'done %{filename_effective} %{exitcode}\\n'];
  return command(
    'curl',
    ['--fail', '--location', ...limits, ...parallel, ...report, ...(proxy === undefined ? [] : ['--proxy', proxy]), '--config', '-'],
    { cwd: folder },
  );
}

function namePackage({ name, version, uri }: Package, error: unknown): unknown {
  if (!(error instanceof Failure) || error.reason !== 'bad-digest') return error;
  return new Failure('bad-digest', `${name} ${version} is not what the signed index promises`, {
    where: uri,
    said: error.message,
    hint: 'The mirror may be in the middle of an update, or tampered with. Nothing of it was used.',
  });
}
