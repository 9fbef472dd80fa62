import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobNamed, type Digest } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtStages } from '../pipeline/build.ts';
import { newPrivateKey, publicLine } from './keys.ts';
import { type Machine, type MachineOptions, startMachine } from './testing/machine.ts';
import { MemoryRepository } from './testing/memory-repository.ts';

let folder: string;
let repository: MemoryRepository;
let first: Machine;
let second: Machine;
const machine = (name: string, options: Partial<MachineOptions> = {}): Promise<Machine> =>
  startMachine({ folder: join(folder, name), repository, ...options });
const warnings = ({ told }: Machine): string[] => told.filter((line) => line.startsWith('warning: '));
const pulled = (): string[] => repository.asked.filter((what) => what.startsWith('pull'));
const runAll = async (one: Machine): Promise<void> => {
  for (const stage of builtStages) await one.run(stage);
};
/** What a blob of a stage is in the registry. */
async function packedBlobOf(one: Machine, stage: (typeof builtStages)[number]): Promise<Digest> {
  const { digest } = blobNamed(await one.build('0').artifact(stage), stage);
  const manifest = JSON.parse(
    repository.manifests.get(`artifact-${(await one.build('0').artifact(stage)).descriptor.digest.slice(7)}`)!.toString(),
  );
  return manifest.layers.find((layer: { annotations: Record<string, string> }) => layer.annotations['nx-debian-image.digest'] === digest)
    .digest;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exchange-'));
  repository = new MemoryRepository();
  [first, second] = [await machine('first'), await machine('second')];
});
afterEach(() => rm(folder, { recursive: true }));

it('has a second machine make nothing that a first one has made, and fetch no bytes before they are needed', async () => {
  await runAll(first);
  repository.asked.length = 0;
  await runAll(second);
  expect(second.made).toEqual([]);
  expect(repository.asked.map((what) => what.split(' ')[0])).toEqual(builtStages.flatMap(() => ['manifest', 'pull']));
  for (const stage of builtStages) {
    expect((await second.build('0').artifact(stage)).descriptor).toEqual((await first.build('0').artifact(stage)).descriptor);
  }
  repository.asked.length = 0;
  expect(await second.text('extract')).toBe(await first.text('extract'));
  expect(pulled()).toHaveLength(1);
  expect([second.made, warnings(second)]).toEqual([[], []]);
});

it('fetches only the layer below where a later stage changes', async () => {
  await runAll(first);
  await second.run('install');
  repository.asked.length = 0;
  await second.run('configure', 'another script');
  expect(second.made).toEqual(['configure']);
  expect(pulled()).toHaveLength(1);
});

it('pushes nothing twice: a layer that others stand on, and what is there already', async () => {
  await first.run('install');
  repository.asked.length = 0;
  await first.run('configure');
  expect(repository.asked.filter((what) => what.startsWith('push')).map((what) => what.split(' ').length)).toEqual([2, 2]);
  expect(JSON.parse(repository.manifests.get('configure-89')!.toString()).layers).toHaveLength(2);
  await second.build('1').make('configure');
  repository.asked.length = 0;
  await second.build('1').give('configure', await second.build('1').artifact('configure'));
  expect(repository.asked).toContain('push nothing');
  expect(repository.asked.filter((what) => /^push \d/.test(what))).toEqual([]);
});

it('only reads where it may not write', async () => {
  const reader = await machine('reader', { settings: { write: false } });
  await reader.run('install');
  expect([reader.made, repository.manifests.size, repository.blobs.size]).toEqual([['install'], 0, 0]);
});

it.each(['unreachable', 'refused', 'server-error', 'over-quota', 'timeout', 'invalid'] as const)(
  'builds by itself with one warning where the registry fails as %s, and does not ask it again',
  async (reason) => {
    repository.failure = new Failure(reason, 'the registry does not work');
    await first.run('convert');
    expect(first.made).toEqual(['convert', 'configure', 'install']);
    expect(warnings(first)).toEqual([
      `warning: asking for convert, ${repository.name}: the registry does not work\n  The registry is not asked again by this task.`,
    ]);
    expect(repository.asked).toEqual(['manifest convert-87']);
    const strict = await machine('strict', { settings: { strict: true } });
    await expect(strict.run('install')).rejects.toBe(repository.failure);
    expect(strict.made).toEqual([]);
  },
);

it('ends where it is asked to, and leaves nothing half', async () => {
  await first.run('install');
  await second.run('install');
  repository.failure = new Failure('cancelled', 'cancelled');
  await expect(second.text('install')).rejects.toBe(repository.failure);
  expect(await readdir(join(second.store.folder, 'scratch'))).toEqual([]);
});

it('makes a result again whose bytes the registry has lost or has wrong, and pushes it so that others get it right', async () => {
  await first.run('install');
  const damages: readonly ((packed: Digest) => void)[] = [
    (packed) => repository.blobs.set(packed, Buffer.from('other bytes')),
    (packed) => repository.blobs.delete(packed),
  ];
  for (const [index, damage] of damages.entries()) {
    damage(await packedBlobOf(first, 'install'));
    const [one, other] = [await machine(`one ${index}`), await machine(`other ${index}`)];
    await one.run('install');
    expect(one.made).toEqual([]);
    expect(await one.text('install')).toBe(await first.text('install'));
    await other.run('install');
    expect(await other.text('install')).toBe(await first.text('install'));
    expect([one.made, other.made, warnings(other)]).toEqual([['install'], [], []]);
  }
});

it('says of wrong bytes that they are wrong, and lets none of them into the store', async () => {
  await first.run('install');
  repository.blobs.set(await packedBlobOf(first, 'install'), Buffer.from('other bytes'));
  await second.run('install');
  await second.text('install');
  expect(warnings(second)).toEqual([expect.stringContaining('the registry gave other bytes')]);
  expect(await second.store.verify(blobNamed(await second.build('0').artifact('install'), 'install').digest)).toBe(true);
});

it('makes a result again whose facts the registry has wrong, and mends it', async () => {
  await first.run('install');
  const { config } = JSON.parse(repository.manifests.get('install-87')!.toString());
  repository.blobs.set(config.digest, Buffer.from('{}'));
  await second.run('install');
  expect([second.made, warnings(second).length]).toEqual([['install'], 1]);
  const third = await machine('third');
  await third.run('install');
  expect([third.made, warnings(third)]).toEqual([[], []]);
});

it('takes no result of another task under the tag of this one', async () => {
  await first.run('install', '1');
  repository.manifests.set('install-2', repository.manifests.get('install-1')!);
  await second.run('install', '2');
  expect(second.made).toEqual(['install']);
  expect(warnings(second)).toEqual([expect.stringContaining(`this is the result of another task\n  at: ${repository.name}:install-2`)]);
});

it('takes no bytes that say they are others, nor more of them than there should be', async () => {
  await first.run('install');
  const tag = `artifact-${(await first.build('0').artifact('install')).descriptor.digest.slice(7)}`;
  const manifest = JSON.parse(repository.manifests.get(tag)!.toString());
  const large = await machine('large', { content: 'x'.repeat(50_000) });
  await large.run('install');
  Object.assign(manifest.layers[0], {
    digest: await packedBlobOf(large, 'install'),
    size: repository.blobs.get(await packedBlobOf(large, 'install'))!.length,
  });
  repository.manifests.set(tag, Buffer.from(JSON.stringify(manifest)));
  await second.run('install');
  expect(await second.text('install')).toBe(await first.text('install'));
  expect([second.made, warnings(second)]).toEqual([['install'], [expect.stringMatching(/more than its \d+ bytes/)]]);
});

it('takes only what a trusted key has signed, and pushes only what others would take', async () => {
  const [key, stranger] = [newPrivateKey(), newPrivateKey()];
  const trust = [publicLine(key)];
  const main = await machine('main', { settings: { trust, key } });
  const reader = await machine('reader', { settings: { trust, write: false } });
  const strict = await machine('strict', { settings: { trust, write: false, strict: true } });
  await first.run('install', '1');
  await (await machine('stranger', { settings: { key: stranger } })).run('install', '2');
  for (const task of ['1', '2']) {
    await reader.run('install', task);
    await expect(strict.run('install', task)).rejects.toMatchObject({
      reason: 'bad-signature',
      where: `${repository.name}:install-${task}`,
    });
  }
  expect([reader.made, warnings(reader).length, strict.made]).toEqual([['install', 'install'], 2, []]);
  await main.run('install', '1');
  await strict.run('install', '1');
  expect([main.made, strict.made]).toEqual([['install'], []]);
  const unsigned = await machine('unsigned', { settings: { trust } });
  await unsigned.run('install', '3');
  expect(repository.manifests.has('install-3')).toBe(false);
  expect(warnings(unsigned)).toEqual([expect.stringContaining('nothing is pushed: this machine has no key')]);
});
