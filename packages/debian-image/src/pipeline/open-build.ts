import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { holdStore, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { type Exchange, openExchange } from '../exchange/index.ts';
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
  /** What the store may keep, as nx.json says it beside the plugin's name: no option, for Nx would hash it into every task. */
  readonly storeLimit?: string | undefined;
  /** Where results are exchanged, as nx.json says it in the same place; see `exchangeSettings`. */
  readonly registry?: unknown;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

/** Where a build keeps its bytes and leaves its artifacts. */
export interface BuildPlace {
  readonly store: Store;
  /** The folder with one for each image, each with one for each stage. */
  readonly dist: string;
}

/**
 * The build that a request is about: its image read and checked, its store opened, and the build of the image that it starts from; in
 * another place than the workspace's where one is given, and then without any exchange. Failures: those of `readImage`, `Store.open` and `openExchange`.
 */
export async function openBuild(request: StageRequest, place?: BuildPlace): Promise<Build> {
  const { workspaceRoot, projectRoot, neighbours, progress } = request;
  const image = await readImage(join(workspaceRoot, projectRoot), neighbours);
  if (place !== undefined) return buildOf(image, place, request);
  const store = await openStore(storeFolder(request), progress);
  await holdStore(store);
  return buildOf(image, { store, dist: join(workspaceRoot, 'dist') }, request, await openExchange(request, store));
}

function buildOf(image: Image, { store, dist }: BuildPlace, request: StageRequest, exchange?: Exchange): Build {
  const { progress, signal, environment } = request;
  const parent = image.parent === undefined ? undefined : buildOf(image.parent, { store, dist }, request, exchange);
  return new Build({ image, parent, store, artifacts: join(dist, image.name), progress, signal, environment, makers, exchange });
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

/** The store of a folder, which can remove what builds leave there; see `StoreOptions` for `beside`. */
export function openStore(folder: string, progress: Progress, beside?: Store): Promise<Store> {
  return Store.open(folder, { progress, remove, ...(beside === undefined ? {} : { beside }) });
}

/** Removes a scratch folder with files of many owners. */
async function remove(folder: string): Promise<void> {
  await run(removeInNamespaces(isRoot(), folder), { doing: `removing ${folder}` });
}
