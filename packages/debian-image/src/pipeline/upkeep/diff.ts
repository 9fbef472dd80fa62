import type { Store } from '@nx-debian-image/artifact-store';
import { Failure, silent } from '@nx-debian-image/report';
import { packageChanges } from '../../debian/lock/changes.ts';
import { readLock } from '../../debian/lock/read.ts';
import { lockFileName } from '../../debian/lock/schema.ts';
import { openLayers } from '../../disk/layers/open-layers.ts';
import { type FileChange, treeChanges } from '../../disk/layers/tree-changes.ts';
import type { Build } from '../build.ts';
import { openBuild, type StageRequest } from '../open-build.ts';
import { diffTable } from './diff-table.ts';
import { type ReportOptions, writeReport } from './json-report.ts';
import { buildIn, otherSide, type Side } from './side.ts';

interface DiffOptions extends ReportOptions {
  readonly with: string;
}

/**
 * Compares the last build of an image (the newer side) with another one: packages, files and sizes, each as far as both have it. With a
 * revision of git it compares locks. Builds nothing. Fails as `not-found` where one of the two is not there.
 */
export async function compareBuilds(request: StageRequest): Promise<void> {
  const { with: wish, json = false } = request.options as unknown as DiffOptions;
  const build = await openBuild(json ? { ...request, progress: silent } : request);
  const { workspaceRoot, projectRoot, signal } = request;
  const old = await otherSide({ wish, workspaceRoot, projectRoot, image: build.image.name, signal });
  const next = await ownSide(build, old.revision === true);
  const result = {
    old: old.name,
    new: next.name,
    packages: packageChanges(old.packages, next.packages),
    files: await fileChanges(old, next, build.store),
    sizes: old.sizes === undefined || next.sizes === undefined ? null : { old: old.sizes, new: next.sizes },
  };
  await writeReport(request, result, () => diffTable(result));
}

async function ownSide({ image, artifacts }: Build, asLock: boolean): Promise<Side> {
  const lock = asLock ? await readLock(image.folder, image.name) : undefined;
  if (lock !== undefined) return { name: `${lockFileName} of ${image.name}`, packages: lock.packages };
  const build = await buildIn(artifacts, image.name);
  if (build !== undefined) return build;
  throw new Failure('not-found', `${image.name} has not been built`, {
    where: artifacts,
    hint: `\`nx run ${image.name}:extract\` builds it.`,
  });
}

/** Null where one side has no tree, or its bytes are no longer in the store. */
async function fileChanges(old: Side, next: Side, store: Store): Promise<FileChange[] | null> {
  if (old.layers === undefined || next.layers === undefined) return null;
  if ((await store.missing([...old.layers, ...next.layers])).length > 0) return null;
  return treeChanges(await openLayers(old.layers, store), await openLayers(next.layers, store));
}
