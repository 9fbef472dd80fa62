import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { formatDuration, type Progress } from '@nx-debian-image/report';
import { isRoot, requireSubordinateIds, run } from '../host/index.ts';
import { readImage, type Stage } from '../image/index.ts';
import { removeInNamespaces } from '../rootfs/namespace.ts';
import { Build } from './build.ts';
import { makers } from './makers.ts';
import { publishBuild } from './publish-build.ts';

/** What an executor was asked. */
export interface StageRequest {
  readonly workspaceRoot: string;
  /** The image's folder, from the workspace's root. */
  readonly projectRoot: string;
  /** The options of the target. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

/** The store's folder: the option `store`, DEBIAN_IMAGE_STORE, else one for all workspaces of this user. */
export function storeFolder({ workspaceRoot, options, environment }: Pick<StageRequest, 'workspaceRoot' | 'options' | 'environment'>): string {
  const wish = environment['DEBIAN_IMAGE_STORE'] ?? options['store'];
  if (typeof wish === 'string' && wish !== '') return resolve(workspaceRoot, wish);
  const cache = environment['XDG_CACHE_HOME'] ?? join(environment['HOME'] ?? homedir(), '.cache');
  return join(cache, 'nx-debian-image');
}

/** Runs one stage of an image from the artifacts of those before it. Failures are told as `Failure`. */
export async function runStage(stage: Stage, request: StageRequest): Promise<void> {
  const { workspaceRoot, projectRoot, progress, signal, environment, options } = request;
  const begin = Date.now();
  const image = await readImage(join(workspaceRoot, projectRoot));
  const store = await openStore(request);
  const lock = await store.holdLock(`${image.name} of ${workspaceRoot}`, { signal });
  try {
    const build = new Build({ image, store, artifacts: join(workspaceRoot, 'dist', image.name), progress, signal, environment, makers });
    if (stage === 'upload') {
      await publishBuild(build, workspaceRoot, options);
    } else {
      if (stage === 'install' || stage === 'configure') await requireSubordinateIds(userInfo().username);
      await build.make(stage);
    }
    progress.note(`${stage} took ${formatDuration(Date.now() - begin)}`);
  } finally {
    await lock.release();
  }
}

/** Opens the store of a request; scratch folders with files of many owners are removed inside a namespace. */
export function openStore(request: Pick<StageRequest, 'workspaceRoot' | 'options' | 'environment' | 'progress'>): Promise<Store> {
  const remove = async (folder: string): Promise<void> => {
    await run(removeInNamespaces(isRoot(), folder), { doing: `removing ${folder}` });
  };
  return Store.open(storeFolder(request), { progress: request.progress, remove });
}
