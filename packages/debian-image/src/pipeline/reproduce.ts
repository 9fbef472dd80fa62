import { copyFile, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { Failure, formatDuration } from '@nx-debian-image/report';
import type { LockedPackage } from '../debian/archive/package.ts';
import { digestOf } from '../debian/archive/fetch.ts';
import { openToolTree } from '../debian/tools/tree.ts';
import { requireSubordinateIds } from '../host/index.ts';
import { type Build, type BuiltStage, builtStages } from './build.ts';
import { type Circumstances, twoCircumstances, under } from './circumstances.ts';
import { type BlobPair, explainDifference, pairBlobs } from './compare-builds.ts';
import { openBuild, openStore, type StageRequest } from './open-build.ts';
import { requireBootstrap } from './require-bootstrap.ts';

/**
 * Builds an image twice under circumstances that must not matter, with nothing known from earlier builds but the bytes of packages, each
 * verified, and compares what every stage left. Fails as `bad-digest` with the first stage and the first files that differ.
 */
export async function reproduce(request: StageRequest): Promise<void> {
  const { image, store, progress } = await openBuild(request);
  requireBootstrap(image, 'reproduce');
  await requireSubordinateIds();
  const scratch = await store.scratch();
  try {
    const builds: Build[] = [];
    for (const circumstances of twoCircumstances) {
      const begin = Date.now();
      progress.step(`building ${image.name} ${circumstances.words}`);
      builds.push(await under(circumstances, () => buildIn(scratch.folder, circumstances, { request, store, before: builds.at(-1) })));
      progress.note(`${image.name} took ${formatDuration(Date.now() - begin)}`);
    }
    await compareBuilds(builds[0]!, builds[1]!);
  } finally {
    await scratch.dispose();
  }
}

interface Around {
  readonly request: StageRequest;
  /** Where packages may be taken from. */
  readonly store: Store;
  /** The build before this one, whose lists of packages are taken over: a mirror may be updated between the two. */
  readonly before: Build | undefined;
}

async function buildIn(scratch: string, circumstances: Circumstances, { request, store, before }: Around): Promise<Build> {
  const folder = join(scratch, circumstances.folder);
  await mkdir(join(folder, 'store'), { recursive: true });
  const beside = before?.store ?? store;
  if (before !== undefined) await rename(join(before.store.folder, 'apt'), join(folder, 'store/apt')).catch(() => {});
  const environment = { ...request.environment, ...circumstances.environment };
  const own = await openStore(join(folder, 'store'), request.progress, beside);
  await takeTools(beside, own);
  const build = await openBuild({ ...request, environment }, { store: own, dist: join(folder, 'dist') });
  await build.make(builtStages.at(-1)!);
  return build;
}

/** Takes over which tools were chosen once for this machine (see debian/tools/resolve), with their packages; else they are chosen anew. */
async function takeTools(from: Store, to: Store): Promise<void> {
  for (const name of (await readdir(from.folder)).filter((file) => /^tools-.*\.json$/.test(file))) {
    const packages = JSON.parse(await readFile(join(from.folder, name), 'utf8')) as LockedPackage[];
    const taken = await Promise.all(packages.map((entry) => to.has(digestOf(entry))));
    if (taken.every(Boolean)) await copyFile(join(from.folder, name), join(to.folder, name));
  }
}

/** Compares what every stage of two builds left. Failure `bad-digest` with the first stage and the first files that differ. */
export async function compareBuilds(first: Build, second: Build): Promise<void> {
  const { image, progress } = first;
  for (const stage of builtStages) {
    const [one, two] = [await first.artifact(stage), await second.artifact(stage)];
    const pairs = pairBlobs(one, two);
    const other = pairs.find((pair) => pair.first?.digest !== pair.second?.digest);
    if (other !== undefined) throw await differs(first, second, stage, other);
    for (const pair of pairs) progress.step(`same bytes: ${stage} ${pair.name} ${pair.first!.digest}`);
    if (one.descriptor.digest === two.descriptor.digest) continue;
    throw failure(image.name, stage, 'its config.json', differingKeys(one.config, two.config));
  }
  progress.step(`${image.name} is reproducible`);
}

async function differs(first: Build, second: Build, stage: BuiltStage, pair: BlobPair): Promise<Failure> {
  const { image, signal } = first;
  if (pair.first === undefined || pair.second === undefined) {
    return failure(image.name, stage, pair.name, [`only the ${pair.first === undefined ? 'second' : 'first'} build has it`]);
  }
  const tools = async () => {
    const { tools: packages } = (await first.artifact('install')).config as { tools: readonly LockedPackage[] };
    return openToolTree(packages, first.store, signal);
  };
  const [one, two] = [first.store.blobPath(pair.first.digest), second.store.blobPath(pair.second.digest)];
  return failure(image.name, stage, pair.name, await explainDifference({ name: pair.name, first: one, second: two, tools, signal }));
}

function failure(image: string, stage: BuiltStage, blob: string, said: readonly string[]): Failure {
  return new Failure('bad-digest', `${image} is not reproducible: ${stage} is the first stage that differs, in ${blob}`, {
    said: said.join('\n'),
    hint: 'Often a script writes the time, a random number or a list in no order; SOURCE_DATE_EPOCH is set for it.',
  });
}

function differingKeys(first: unknown, second: unknown): string[] {
  const [one, two] = [first, second] as Record<string, unknown>[];
  const keys = new Set([...Object.keys(one!), ...Object.keys(two!)]);
  return [...keys].filter((key) => JSON.stringify(one![key]) !== JSON.stringify(two![key]));
}
