import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Store } from '@nx-debian-image/artifact-store';
import { run } from '../../host/index.ts';
import { type Apt, inheritedSettings, prepareApt } from './apt.ts';
import { renderBuildSources, type Suite } from './sources.ts';
import { updateLists } from './update.ts';

export interface ArchiveOptions {
  readonly store: Store;
  readonly suites: readonly Suite[];
  readonly architecture: string;
  readonly recommends: boolean;
  /** The keyring file that the suites are verified with. */
  readonly keyring: string;
  /** Whether the release is archived; see `Release`. */
  readonly archived?: boolean;
  readonly signal: AbortSignal;
}

/** An archive whose lists are here and verified. */
export interface Archive {
  readonly apt: Apt;
  /** The proxy that this machine's apt uses, if any; empty where it is told to use none. */
  readonly proxy: string | undefined;
}

/**
 * Calls `use` with an archive whose lists are fresh. The lists stay in the store, one folder for each set of suites, so that
 * the next time only what changed is fetched; one run at a time works in such a folder.
 */
export async function withArchive<Result>(options: ArchiveOptions, use: (archive: Archive) => Promise<Result>): Promise<Result> {
  const { store, suites, architecture, recommends, keyring, archived = false, signal } = options;
  const inherited = (await run(inheritedSettings, { doing: "reading this machine's apt configuration", signal })).stdout;
  const sources = renderBuildSources(suites, keyring);
  const name = `apt-${createHash('sha256').update(`${architecture}\n${recommends}\n${sources}`).digest('hex').slice(0, 16)}`;
  const lock = await store.holdLock(name, { signal });
  try {
    const apt = await prepareApt({ folder: join(store.folder, 'apt', name), architecture, recommends, sources, archived, inherited });
    await updateLists(apt, signal);
    return await use({ apt, proxy: /^Acquire::http::Proxy "([^"]+)";$/m.exec(inherited)?.[1]?.replace(/^DIRECT$/, '') });
  } finally {
    await lock.release();
  }
}
