import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { blobNamed, type Descriptor, readArtifact, Store } from '@nx-debian-image/artifact-store';
import { Failure, silent } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { imageSchema, resolveImage } from '../image/index.ts';
import { Build, type BuiltStage, builtStages, type Maker } from './build.ts';

let folder: string;
let store: Store;
let ran: BuiltStage[];
let told: string[];
/** What install gives. */
let content: string;

/** A stage that leaves one blob, made of the blob of the stage before it; configure names the layer below, as it does in truth. */
function makerOf(stage: BuiltStage): Maker {
  return async (build) => {
    ran.push(stage);
    const before = builtStages[builtStages.indexOf(stage) - 1];
    const below = before === undefined ? undefined : blobNamed(await build.complete(before), before);
    const text = below === undefined ? content : await readFile(store.blobPath(below.digest), 'utf8');
    const descriptor = await store.putBytes(`${stage} of ${text}`, 'text/plain');
    const layers: readonly Descriptor[] = stage === 'configure' ? [below!, descriptor] : [];
    return { stage, config: { layers }, blobs: [{ name: stage, descriptor }] };
  };
}

function buildWith(makers: Partial<Record<BuiltStage, Maker>> = {}): Build {
  return new Build({
    image: resolveImage(imageSchema.parse({ release: 'bookworm' }), folder, 'example'),
    store,
    artifacts: join(folder, 'dist'),
    progress: { ...silent, note: (text) => told.push(text), warn: (text) => told.push(`warning: ${text}`) },
    signal: new AbortController().signal,
    environment: {},
    makers: { ...(Object.fromEntries(builtStages.map((stage) => [stage, makerOf(stage)])) as Record<BuiltStage, Maker>), ...makers },
  });
}

const blobOf = async (build: Build, stage: BuiltStage): Promise<string> =>
  store.blobPath(blobNamed(await build.artifact(stage), stage).digest);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-test-'));
  store = await Store.open(join(folder, 'store'));
  [ran, told, content] = [[], [], 'packages'];
});
afterEach(() => rm(folder, { recursive: true }));

it('makes what is missing and nothing twice', async () => {
  const build = buildWith();
  const made = await build.make('shrink');
  expect(ran).toEqual(['shrink', 'convert', 'configure', 'install']);
  expect(await build.complete('shrink')).toEqual(made);
  expect(await readFile(await blobOf(build, 'shrink'), 'utf8')).toBe('shrink of convert of configure of install of packages');
  expect(ran).toHaveLength(4);
  expect(told).toEqual([]);
});

it('knows what a stage left without its bytes', async () => {
  const build = buildWith();
  const made = await build.make('install');
  await rm(await blobOf(build, 'install'));
  expect(await build.artifact('install')).toEqual(made);
  expect(ran).toEqual(['install']);
});

it('runs a stage again whose bytes are gone', async () => {
  const build = buildWith();
  const made = await build.make('convert');
  ran = [];
  await rm(await blobOf(build, 'convert'));
  expect(await build.complete('convert')).toEqual(made);
  expect(ran).toEqual(['convert']);
  expect(told).toEqual(['convert left bytes that are no longer in the store; making them again']);
});

it('runs again what made the layers below a tree', async () => {
  const build = buildWith();
  await build.make('configure');
  ran = [];
  await rm(await blobOf(build, 'install'));
  await build.complete('configure');
  expect(ran).toEqual(['configure', 'install']);
  expect(await store.missing((await build.complete('configure')).manifest.layers)).toEqual([]);
});

it('warns where a stage that runs again gives other bytes', async () => {
  const build = buildWith();
  await build.make('install');
  await rm(await blobOf(build, 'install'));
  content = 'newer packages';
  await build.complete('install');
  expect(told.filter((line) => line.startsWith('warning'))).toEqual([
    'warning: install gave other bytes than the last time: the packages or this program have changed since',
  ]);
});

it.each(['manifest.json', 'config.json'])('makes an artifact again whose %s is only half there', async (name) => {
  const build = buildWith();
  const made = await build.make('install');
  await truncate(join(build.folder('install'), name), 10);
  expect(await build.complete('install')).toEqual(made);
  await rm(join(build.folder('install'), name));
  expect(await build.complete('install')).toEqual(made);
  expect(ran).toEqual(['install', 'install', 'install']);
});

it('leaves no artifact of a stage that fails, and those before it', async () => {
  const failure = new Failure('command-failed', 'it failed');
  await buildWith().make('convert');
  const failing = buildWith({ convert: () => Promise.reject(failure) });
  await expect(failing.make('convert')).rejects.toBe(failure);
  expect(await readArtifact(failing.folder('convert'))).toBeUndefined();
  expect(await readdir(failing.artifacts)).toEqual(['configure', 'install']);
});

it('gives others what is whole while it is itself held, and makes it again where something is missing', async () => {
  const build = buildWith();
  const made = await build.make('configure');
  const lock = await build.hold();
  expect(await build.completeForOthers('configure')).toEqual(made);
  await rm(await blobOf(build, 'configure'));
  let held = true;
  const again = build.completeForOthers('configure').then((artifact) => ({ artifact, held }));
  await sleep(300);
  held = false;
  await lock.release();
  expect(await again).toEqual({ artifact: made, held: false });
});
