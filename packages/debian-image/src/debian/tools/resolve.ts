import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { withArchive } from '../archive/archive.ts';
import { type LockedPackage, lockedPackage } from '../archive/package.ts';
import { resolvePackages } from '../archive/resolve.ts';
import { suitesOf } from '../archive/sources.ts';
import { readKeyring } from '../keyring.ts';
import { readMirror } from '../mirror/read.ts';
import { releaseOf } from '../releases.ts';

/** The release whose e2fsprogs makes file systems: the first with a mke2fs that reads tar and gives the same bytes each time. */
export const toolRelease = releaseOf('trixie');

/** mke2fs reads tar through libarchive, which it loads only when it is there. */
const toolPackages = ['e2fsprogs', 'libarchive13t64'];

export interface ToolOptions {
  readonly store: Store;
  /** The architecture of the machine that builds, as dpkg names it. */
  readonly architecture: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Chooses them although they were chosen before. */
  readonly anew?: boolean;
}

/**
 * The packages that the tools of a build come from, chosen once per machine and kept in the store, so that builds one after another
 * use the same.
 */
export async function resolveTools(options: ToolOptions): Promise<readonly LockedPackage[]> {
  const { store, architecture, progress } = options;
  const file = join(store.folder, `tools-${architecture}.json`);
  const known = options.anew === true ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as LockedPackage[];
  progress.step(`choosing the tools of ${toolRelease.name} that make file systems on ${architecture}`);
  const packages = await chooseTools(options);
  const scratch = await store.scratch();
  await writeFile(join(scratch.folder, 'packages.json'), JSON.stringify(packages));
  await rename(join(scratch.folder, 'packages.json'), file);
  await scratch.dispose();
  return packages;
}

/** What the archive has of them today; the packages themselves are fetched by who uses them. */
async function chooseTools({ store, architecture, signal, environment }: ToolOptions): Promise<LockedPackage[]> {
  const mirror = await readMirror(toolRelease, undefined, environment);
  const archive = {
    store,
    suites: suitesOf(toolRelease, mirror, ['main'], []),
    architecture,
    recommends: false,
    keyring: (await readKeyring(toolRelease, undefined, environment)).file,
    signal,
  };
  return withArchive(archive, async ({ apt }) => (await resolvePackages({ apt, wanted: toolPackages, signal })).map(lockedPackage));
}
