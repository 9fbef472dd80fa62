import { join } from 'node:path';
import { Failure, type Progress, suggest } from '@nx-debian-image/report';
import { tidy, underLock } from './locked.ts';
import { visible } from './plan.ts';
import { refresh } from './refresh.ts';
import { compareVersions } from './version.ts';
import { readVersions, type Version, writeVersion } from './versions.ts';

export interface RollbackOptions {
  readonly catalog: string;
  readonly image: string;
  /** The version to go to, back or forth again; the one before the newest where not given. */
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** What a rollback did, or would do. */
export interface Rollback {
  readonly version: string;
  /** Versions that people no longer see. Their folders stay, so that the same bytes are not published again unnoticed. */
  readonly withdrawn: readonly string[];
}

/**
 * Makes another version of an image the latest: newer ones are marked as withdrawn in their `version.json`, and `latest` and the index
 * no longer show them. The mark lasts until someone goes to that version again. Failure `not-found`.
 */
export async function rollback(options: RollbackOptions): Promise<Rollback> {
  const { catalog, image, progress, signal, dryRun = false } = options;
  const { target, newer } = choose(await readVersions(catalog, image, progress), options);
  const result = { version: target.version, withdrawn: newer.map(({ version }) => version) };
  if (dryRun) {
    progress.note(`${image} ${target.version} would be the latest; would hide ${result.withdrawn.join(', ') || 'nothing'}`);
    return result;
  }
  await tidy(catalog, progress);
  return underLock(catalog, progress, signal, async () => {
    const chosen = choose(await readVersions(catalog, image, progress), { ...options, to: target.version });
    // The target first: at no moment is there nothing to see.
    await mark(catalog, chosen.target, false);
    for (const version of chosen.newer) await mark(catalog, version, true);
    await refresh(catalog, progress, { image, versions: [] });
    const withdrawn = chosen.newer.map(({ version }) => version);
    progress.note(`${image} ${target.version} is the latest; hidden: ${withdrawn.join(', ') || 'nothing'}`);
    return { version: target.version, withdrawn };
  });
}

function choose(versions: readonly Version[], { catalog, image, to }: RollbackOptions): { target: Version; newer: Version[] } {
  const target = to === undefined ? visible(versions).at(-2) : versions.find(({ version }) => version === to);
  if (target === undefined) {
    const names = versions.map(({ version }) => version);
    const hint = to === undefined ? undefined : suggest(to, names);
    throw new Failure('not-found', to === undefined ? `${image} has no version to go back to` : `${image} has no version ${to}`, {
      where: join(catalog, image),
      ...(hint === undefined ? {} : { hint }),
    });
  }
  return { target, newer: versions.filter(({ version }) => compareVersions(version, target.version) > 0) };
}

async function mark(catalog: string, version: Version, withdrawn: boolean): Promise<void> {
  if ((version.withdrawn === true) === withdrawn) return;
  const { format, product, items } = version;
  const plain: Version = { format, product, version: version.version, items };
  await writeVersion(join(catalog, product.image, version.version), withdrawn ? { ...plain, withdrawn } : plain);
}
