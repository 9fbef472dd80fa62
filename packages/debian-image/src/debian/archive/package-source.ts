import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mirror, securityBeside, trim } from '../mirror/choose.ts';
import type { Lost, Wanted } from './download.ts';
import type { ArchivePart, LockedPackage } from './package.ts';

/** A package to be found again: without a part it is of the main archive. */
export type SoughtPackage = LockedPackage & { readonly archive?: ArchivePart };

/** Fetches small files into a folder; gives those that did not come. */
type Ask = (wanted: readonly Wanted[]) => Promise<ReadonlyMap<string, Lost>>;

/** What a source says of some packages: the addresses to try for each, and why it can say nothing of others; both by sha256. */
interface Located {
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly lost: ReadonlyMap<string, Lost>;
}

/** Somewhere packages may be had. */
export interface PackageSource {
  /** For messages: `the mirror`, `snapshot.debian.org`. */
  readonly name: string;
  locate(packages: readonly SoughtPackage[], ask: Ask, folder: string): Promise<Located>;
}

/** An archive that has packages under the path that they had when they were chosen. */
function archiveSource(name: string, { main, security }: Pick<Mirror, 'main' | 'security'>): PackageSource {
  return {
    name,
    async locate(packages) {
      const address = ({ archive, path }: SoughtPackage): string => `${archive === 'security' ? security : main}/${path}`;
      return { addresses: new Map(packages.map((entry) => [entry.sha256, [address(entry)]])), lost: new Map() };
    },
  };
}

interface BinaryFiles {
  readonly result?: readonly { readonly architecture?: string; readonly hash?: string }[];
}

/**
 * The snapshot service, which knows files by sha1 and tells those of a package and version, of all archives it keeps
 * (https://salsa.debian.org/snapshot-team/snapshot/-/blob/master/API). One version may have been built more than once: all are tried.
 */
function snapshotSource(name: string, base: string): PackageSource {
  return {
    name,
    async locate(packages, ask, folder) {
      const answer = ({ sha256 }: LockedPackage): string => `${sha256}.json`;
      const lost = await ask(
        packages.map((entry) => ({
          uri: `${base}/mr/binary/${entry.name}/${encodeURIComponent(entry.version)}/binfiles`,
          name: answer(entry),
        })),
      );
      const addresses = new Map<string, string[]>();
      for (const entry of packages.filter((candidate) => !lost.has(answer(candidate)))) {
        addresses.set(
          entry.sha256,
          hashesIn(await readFile(join(folder, answer(entry)), 'utf8'), entry.architecture).map((hash) => `${base}/file/${hash}`),
        );
      }
      return { addresses, lost: new Map([...lost].map(([file, why]) => [file.replace(/\.json$/, ''), why])) };
    },
  };
}

/** The sha1 of the files of an architecture in an answer; none where it is no such answer. */
function hashesIn(text: string, architecture: string): string[] {
  let answer: BinaryFiles;
  try {
    answer = JSON.parse(text) as BinaryFiles;
  } catch {
    return [];
  }
  const files = Array.isArray(answer.result) ? answer.result : [];
  return [...new Set(files.filter((file) => file.architecture === architecture).map(({ hash }) => hash ?? ''))].filter((hash) =>
    /^[0-9a-f]{40}$/.test(hash),
  );
}

/** Where packages go that the mirrors no longer have, unless the environment names others. */
const publicArchive = 'http://archive.debian.org/debian';
const publicSnapshot = 'http://snapshot.debian.org';

/** The sources to try in turn for packages that were chosen from a mirror: that mirror, the archive of old releases, the snapshot service. */
export function sourcesAfter(mirror: Pick<Mirror, 'main' | 'security'>, environment: NodeJS.ProcessEnv): PackageSource[] {
  const archive = trim(environment['DEBIAN_IMAGE_ARCHIVE'] || publicArchive);
  const snapshot = trim(environment['DEBIAN_IMAGE_SNAPSHOT'] || publicSnapshot);
  return [
    archiveSource('the mirror', mirror),
    ...(mirror.main === archive ? [] : [archiveSource(hostOf(archive), { main: archive, security: securityBeside(archive) })]),
    snapshotSource(hostOf(snapshot), snapshot),
  ];
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
