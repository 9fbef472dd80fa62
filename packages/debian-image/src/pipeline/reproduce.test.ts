import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { Failure, silent } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { directory, file, writeTar } from '../disk/testing/tar.ts';
import { imageSchema, resolveImage } from '../image/index.ts';
import { Build, type BuiltStage, builtStages, type Maker } from './build.ts';
import { twoCircumstances, under } from './circumstances.ts';
import { compareBuilds } from './reproduce.ts';

let folder: string;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reproduce-test-'));
  told = [];
});
afterEach(() => rm(folder, { recursive: true }));

/** A build in a store of its own, each of whose stages leaves a layer with one file. */
async function build(name: string, contents: Partial<Record<BuiltStage, string>> = {}, more: object = {}): Promise<Build> {
  const store = await Store.open(join(folder, name, 'store'));
  const maker = (stage: BuiltStage): Maker => {
    return async (own) => {
      const before = builtStages[builtStages.indexOf(stage) - 1];
      if (before !== undefined) await own.complete(before);
      const scratch = await store.scratch();
      const tar = await writeTar(join(scratch.folder, 'layer'), [directory('etc'), file(`etc/${stage}`, contents[stage] ?? 'alike')]);
      const descriptor = await store.putFile(tar);
      await scratch.dispose();
      return { stage, config: { stage, ...(stage === 'install' ? more : {}) }, blobs: [{ name: `${stage}.tar`, descriptor }] };
    };
  };
  const made = new Build({
    image: resolveImage(imageSchema.parse({ release: 'bookworm' }), folder, 'web'),
    store,
    artifacts: join(folder, name, 'dist'),
    progress: { ...silent, step: (text) => told.push(text) },
    signal: new AbortController().signal,
    environment: {},
    makers: Object.fromEntries(builtStages.map((stage) => [stage, maker(stage)])) as Record<BuiltStage, Maker>,
  });
  await made.make('extract');
  return made;
}

const failing = async (first: Build, second: Build): Promise<Failure> => {
  const error: unknown = await compareBuilds(first, second).catch((thrown: unknown) => thrown);
  return error instanceof Failure ? error : expect.unreachable('it did not fail');
};

// Each stage of each build syncs its blobs to the disk, which may be busy.
const timeout = 60_000;

it('says of each blob that it is the same', { timeout }, async () => {
  await compareBuilds(await build('one'), await build('two'));
  expect(told).toHaveLength(builtStages.length + 1);
  expect(told[0]).toMatch(/^same bytes: install install\.tar sha256:[0-9a-f]{64}$/);
  expect(told.at(-1)).toBe('web is reproducible');
});

it('names the first stage and the first file that differ', { timeout }, async () => {
  const failure = await failing(await build('one'), await build('two', { configure: 'alikE', shrink: 'other' }));
  expect(failure.reason).toBe('bad-digest');
  expect(failure.message).toBe('web is not reproducible: configure is the first stage that differs, in configure.tar');
  expect(failure.said).toBe('etc/configure: its content from byte 4 on');
  expect(told.map((line) => line.split(' ')[2])).toEqual(['install']);
});

it('names the fact that differs where no bytes do', { timeout }, async () => {
  const failure = await failing(await build('one', {}, { epoch: 1 }), await build('two', {}, { epoch: 2 }));
  expect(failure.message).toContain('install is the first stage that differs, in its config.json');
  expect(failure.said).toBe('epoch');
});

it('works under other circumstances and puts back those from before', async () => {
  const now = async () => {
    const status = await readFile('/proc/self/status', 'utf8');
    const processors = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1];
    return { umask: process.umask(), timezone: new Date(0).getTimezoneOffset(), processors };
  };
  const before = await now();
  const inside = await under(twoCircumstances[1], now);
  expect(inside).toMatchObject({ umask: 0o077, processors: expect.stringMatching(/^\d+$/) });
  expect(inside.timezone).not.toBe(before.timezone);
  expect(await now()).toEqual(before);
});
