import { formatDuration } from '@nx-debian-image/report';
import { requireSubordinateIds } from '../host/index.ts';
import type { Stage } from '../image/index.ts';
import { openBuild, type StageRequest } from './open-build.ts';
import { tidyStore } from './store/tidy.ts';
import { publishBuild } from './publish-build.ts';

/** Runs one stage of an image from the artifacts of those before it, alone among the runs of this image. Failures are told as `Failure`. */
export async function runStage(stage: Stage, request: StageRequest): Promise<void> {
  const begin = Date.now();
  const build = await openBuild(request);
  const { workspaceRoot, progress, options } = request;
  const lock = await build.hold();
  try {
    if (build.image.install.method === 'bootstrap' && (stage === 'install' || stage === 'configure')) await requireSubordinateIds();
    if (stage === 'upload') await publishBuild(build, workspaceRoot, options);
    else await build.make(stage);
    progress.note(`${stage} took ${formatDuration(Date.now() - begin)}`);
  } finally {
    await lock.release();
  }
  await tidyStore(build.store, { environment: request.environment, option: request.storeLimit }, progress);
}
