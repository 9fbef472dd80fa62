import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { isRoot, run } from '../host/index.ts';
import { type Image, type Neighbours, readImage } from '../image/index.ts';
import { removeInNamespaces } from '../rootfs/namespace.ts';
import { Build } from './build.ts';
import { makers } from './makers.ts';

/** What an executor was asked. */
export interface StageRequest {
  readonly workspaceRoot: string;
  /** The image's folder, from the workspace's root. */
  readonly projectRoot: string;
  /** The images and profiles of the workspace, which this one may name. */
  readonly neighbours: Neighbours;
  /** The options of the target. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The build that a request is about: its image read and checked, its store opened, and the build of the image that it starts from.
 * Failures: those of `readImage` and `Store.open`.
 */
export async function openBuild(request: StageRequest): Promise<Build> {
  const { workspaceRoot, projectRoot, neighbours } = request;
  const image = await readImage(join(workspaceRoot, projectRoot), neighbours);
  return buildOf(image, await openStore(request), request);
}

function buildOf(image: Image, store: Store, request: StageRequest): Build {
  const { workspaceRoot, progress, signal, environment } = request;
  const parent = image.parent === undefined ? undefined : buildOf(image.parent, store, request);
  return new Build({ image, parent, store, artifacts: join(workspaceRoot, 'dist', image.name), progress, signal, environment, makers });
}

/** The store's folder: DEBIAN_IMAGE_STORE, the option `store`, else one for all workspaces of this user. */
export function storeFolder({
  workspaceRoot,
  options,
  environment,
}: Pick<StageRequest, 'workspaceRoot' | 'options' | 'environment'>): string {
  const wish = environment['DEBIAN_IMAGE_STORE'] || options['store'];
  if (typeof wish === 'string' && wish !== '') return resolve(workspaceRoot, wish);
  const cache = environment['XDG_CACHE_HOME'] || join(environment['HOME'] || homedir(), '.cache');
  return join(cache, 'nx-debian-image');
}

function openStore(request: StageRequest): Promise<Store> {
  return Store.open(storeFolder(request), { progress: request.progress, remove });
}

/** Removes a scratch folder with files of many owners. */
async function remove(folder: string): Promise<void> {
  await run(removeInNamespaces(isRoot(), folder), { doing: `removing ${folder}` });
}
