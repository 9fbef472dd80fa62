import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, run } from '../../host/index.ts';
import { withFile } from '../read-at.ts';
import { withFolder } from '../testing/tar.ts';
import { type Layout, planLayout } from './layout.ts';
import { readTable } from './read.ts';
import { writeTable } from './write.ts';

const mebibyte = 1 << 20;

interface Dump {
  readonly partitiontable: {
    readonly label: string;
    readonly id: string;
    readonly partitions: readonly {
      readonly node: string;
      readonly start: number;
      readonly size: number;
      readonly type: string;
      readonly name?: string;
      readonly uuid?: string;
    }[];
  };
}

/** A table as sfdisk sees it, in the shape of ours. */
async function sfdisk(path: string): Promise<Pick<Layout, 'table' | 'id' | 'partitions'>> {
  const { stdout } = await run(command('sfdisk', ['--json', path]), { doing: 'reading a partition table' });
  const { label, id, partitions } = (JSON.parse(stdout) as Dump).partitiontable;
  return {
    table: label === 'gpt' ? 'gpt' : 'mbr',
    id: label === 'gpt' ? id.toLowerCase() : id.slice(2),
    partitions: partitions
      .map(({ node, start, size, type, name = '', uuid }) => ({
        number: Number(node.slice(path.length)),
        name,
        type: type.toLowerCase().padStart(2, '0'),
        ...(uuid === undefined ? {} : { guid: uuid.toLowerCase() }),
        start: start * 512,
        size: size * 512,
      }))
      .toSorted((a, b) => a.number - b.number),
  };
}

it.each([
  planLayout({
    table: 'gpt',
    rootBytes: 5 * mebibyte + 4096,
    seed: 's',
    before: [
      { type: 'bios-boot', bytes: mebibyte },
      { type: 'esp', bytes: 2 * mebibyte },
    ],
  }),
  planLayout({ table: 'mbr', rootBytes: 5 * mebibyte + 4096, seed: 's', before: [{ type: 'esp', bytes: 2 * mebibyte }] }),
])('sfdisk reads what is written and finds no fault: $table', (layout) =>
  withFolder(async (folder) => {
    const path = join(folder, 'disk');
    await writeFile(path, '');
    await writeTable(path, layout);
    const { table, id, partitions } = layout;
    expect(await sfdisk(path)).toEqual({ table, id, partitions });
    const said: string[] = [];
    await run(command('sfdisk', ['--verify', path]), { doing: 'checking a partition table', onLine: (line) => said.push(line) });
    expect(said.join('\n')).toContain('No errors detected');
  }),
);

it.each([
  ['gpt', 'label: gpt\nsize=2MiB, name="ä b"\nsize=3MiB, type=uefi\n'],
  ['mbr', 'label: dos\nsize=2MiB\nsize=12MiB, type=extended\nsize=3MiB\nsize=2MiB, type=82\nsize=1MiB, bootable\n'],
])('what sfdisk writes is read alike: %s', (_, script) =>
  withFolder(async (folder) => {
    const path = join(folder, 'disk');
    await writeFile(path, Buffer.alloc(20 * mebibyte));
    await run(command('sfdisk', ['--no-reread', path]), { doing: 'writing a partition table', input: script });
    const { table, id, partitions } = withFile(path, readTable)!;
    expect({ table, id, partitions }).toEqual(await sfdisk(path));
  }),
);

it.each([
  ['the header', 512 + 40],
  ['an entry', 1024 + 33],
])('a GPT that is damaged in %s is read alike, from its copy', (_, position) =>
  withFolder(async (folder) => {
    const path = join(folder, 'disk');
    await writeFile(path, Buffer.alloc(20 * mebibyte));
    await run(command('sfdisk', ['--no-reread', path]), {
      doing: 'writing a partition table',
      input: 'label: gpt\nsize=2MiB\nsize=3MiB\n',
    });
    const file = await open(path, 'r+');
    await file.write(Buffer.from([0xa5]), 0, 1, position);
    await file.close();
    const { table, id, partitions } = withFile(path, readTable)!;
    expect({ table, id, partitions }).toEqual(await sfdisk(path));
  }),
);

it('what sfdisk finds no table in has none', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'disk');
    await writeFile(path, Buffer.alloc(20 * mebibyte, 'no table'));
    await expect(sfdisk(path)).rejects.toThrow('sfdisk failed with status 1');
    expect(withFile(path, readTable)).toBeUndefined();
  }));
