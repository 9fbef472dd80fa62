import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { command, run } from '../../../host/index.ts';
import { program } from './grow-root.ts';

const mebibyte = 2 ** 20;
let folder: string;
let disk: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grow-'));
  disk = join(folder, 'disk');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const sfdisk = async (args: string[], input?: string): Promise<string> =>
  (await run(command('sfdisk', args), { doing: 'partitioning', ...(input === undefined ? {} : { input }) })).stdout;

it.each([
  ['gpt', 'label: gpt\nsize=1MiB, type=21686148-6449-6E6F-744E-656564454649\nsize=20MiB, name="root"\n', 2],
  ['dos', 'label: dos\nsize=20MiB, type=83, bootable\n', 1],
])('grows the last partition of a %s table to the end of its disk', async (_table, layout, number) => {
  await writeFile(disk, '');
  await truncate(disk, 32 * mebibyte);
  await sfdisk([disk], layout);
  await truncate(disk, 100 * mebibyte);
  const edit = /table_with_room_for\(\) \{\n.*\n\}/.exec(program)?.[0] ?? '';
  const dump = await sfdisk(['--dump', disk]);
  const edited = await run(command('sh', ['-c', `${edit}\ntable_with_room_for "$1"`, 'sh', `${disk}${number}`]), {
    doing: 'editing',
    input: dump,
  });
  await sfdisk(['--quiet', '--force', '--no-reread', '--no-tell-kernel', disk], edited.stdout);
  const { partitiontable } = JSON.parse(await sfdisk(['--json', disk])) as {
    partitiontable: { partitions: { start: number; size: number }[] };
  };
  const last = partitiontable.partitions.at(-1)!;
  expect((last.start + last.size) * 512).toBeGreaterThan(98 * mebibyte);
  expect(partitiontable.partitions).toHaveLength(number);
});
