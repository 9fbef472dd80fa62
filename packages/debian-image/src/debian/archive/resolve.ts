import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, suggest } from '@nx-debian-image/report';
import { run } from '../../host/index.ts';
import type { Apt } from './apt.ts';
import { joinPackages, type Package, paragraphs, parsePrintedUris, type PrintedUri } from './package.ts';

export interface ResolveOptions {
  readonly apt: Apt;
  /** Package names, `name=version`, or apt patterns such as `?essential`. */
  readonly wanted: readonly string[];
  /** What is installed already, as dpkg's status file says it; nothing where not given. */
  readonly installed?: string | undefined;
  readonly signal: AbortSignal;
}

const doing = 'choosing packages';

/**
 * Every package that a system needs so that all the wanted ones are installed, as apt's own solver chooses them.
 * Fails as `not-found` for a package that no suite has, with near names.
 */
export async function resolvePackages({ apt, wanted, installed, signal }: ResolveOptions): Promise<Package[]> {
  const status = installed === undefined ? [] : ['--option', `Dir::State::Status=${await writeStatus(apt, installed)}`];
  const install = apt.call('apt-get', ['install', '--yes', '-qq', ...status, '--print-uris', ...wanted]);
  try {
    const printed = parsePrintedUris((await run(install, { doing, signal })).stdout);
    if (printed.length === 0) return [];
    return await describePackages(apt, printed, signal);
  } catch (error) {
    throw error instanceof Failure ? await explainMissing(apt, error, signal) : error;
  }
}

/** The packages of these names as they are, without what they depend on. */
export async function namedPackages({ apt, wanted, signal }: Omit<ResolveOptions, 'installed'>): Promise<Package[]> {
  const download = apt.call('apt-get', ['download', '-qq', '--print-uris', ...wanted]);
  return describePackages(apt, parsePrintedUris((await run(download, { doing, signal })).stdout), signal);
}

async function describePackages(apt: Apt, printed: readonly PrintedUri[], signal: AbortSignal): Promise<Package[]> {
  const names = printed.map(({ file }) => versioned(file));
  const shown = await run(apt.call('apt-cache', ['show', '--no-all-versions', ...names]), { doing, signal });
  return joinPackages(printed, paragraphs(shown.stdout));
}

async function writeStatus({ folder }: Apt, installed: string): Promise<string> {
  const path = join(folder, 'state/installed');
  await writeFile(path, installed);
  return path;
}

/** `vim_2%3a9.0_amd64.deb` as apt names the version: `vim:amd64=2:9.0`. */
function versioned(file: string): string {
  const [name, version, architecture] = file.replace(/\.deb$/, '').split('_');
  const qualifier = architecture === 'all' ? '' : `:${architecture}`;
  return `${name}${qualifier}=${decodeURIComponent(version!)}`;
}

async function explainMissing(apt: Apt, failure: Failure, signal: AbortSignal): Promise<Failure> {
  const unknown = unknownPackages(failure.said ?? '');
  if (unknown.length === 0) return failure;
  const names = (await run(apt.call('apt-cache', ['pkgnames']), { doing: 'looking for near names', signal })).stdout.split('\n');
  const lines = unknown.map((name) => [`there is no package "${name}"`, suggest(name, names)].filter(Boolean).join('; '));
  return new Failure('not-found', lines.join('\n'), {
    where: 'image.json: packages',
    hint: 'Search with `apt-cache search`, or at packages.debian.org for the release.',
  });
}

/** The names that apt says it cannot find or has no version of. */
export function unknownPackages(said: string): string[] {
  const pattern =
    /Unable to locate package (\S+)|Package '([^']+)' has no installation candidate|Couldn't find any package by \S+ '([^']+)'/g;
  return [...new Set([...said.matchAll(pattern)].map(([, located, candidate, any]) => located ?? candidate ?? any!))];
}
