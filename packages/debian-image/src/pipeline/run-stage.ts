import { formatDuration } from '@nx-debian-image/report';
import { requireSubordinateIds } from '../host/index.ts';
import type { Stage } from '../image/index.ts';
import type { Build } from './build.ts';
import { openBuild, type StageRequest } from './open-build.ts';
import { tidyStore } from './store/tidy.ts';
import { publishBuild } from './publish-build.ts';

/** Runs one stage of an image from the artifacts of those before it. Failures are told as `Failure`. `verify` has an entry of its own. */
export function runStage(stage: Exclude<Stage, 'verify'>, request: StageRequest): Promise<void> {
  const { workspaceRoot, options } = request;
  return runAlone(stage, request, async (build) => {
    if (stage === 'upload') return publishBuild(build, workspaceRoot, options);
    if ((await build.take(stage)) !== undefined) return;
    if (build.image.install.method === 'bootstrap' && (stage === 'install' || stage === 'configure')) await requireSubordinateIds();
    await build.give(stage, await build.make(stage));
  });
}

/** Does the work of a stage alone among the runs of this image, says how long it took and keeps the store within its limit. */
export async function runAlone(stage: Stage, request: StageRequest, work: (build: Build) => Promise<unknown>): Promise<void> {
  const begin = Date.now();
  const build = await openBuild(request);
  const { progress } = request;
  const lock = await build.hold();
  try {
    await work(build);
    progress.note(`${stage} took ${formatDuration(Date.now() - begin)}`);
  } finally {
    await lock.release();
  }
  await tidyStore(build.store, { environment: request.environment, option: request.storeLimit }, progress);
}
