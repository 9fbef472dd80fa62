import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, run } from '../../host/index.ts';
import { withFile } from '../read-at.ts';
import { withFolder } from '../testing/tar.ts';
import { readTable } from './read.ts';
import { type Shortened, shortenLast } from './shorten.ts';
import { writeBytes } from './write.ts';

const mebibyte = 1 << 20;

async function sfdisk(args: readonly string[], path: string, input = ''): Promise<string> {
  const said: string[] = [];
  await run(command('sfdisk', [...args, path]), { doing: 'sfdisk', input, onLine: (line) => said.push(line) });
  return said.join('\n').replaceAll(path, 'disk');
}

/** What sfdisk says of a disk of 20 MiB before and after the partition of a number is given 3 MiB. */
async function shortened(
  folder: string,
  script: string,
  number: number,
): Promise<{ before: string; after: string; change: Shortened | undefined }> {
  const path = join(folder, 'disk');
  await writeFile(path, Buffer.alloc(20 * mebibyte));
  await sfdisk(['--no-reread', '--quiet'], path, script);
  const copy = join(folder, 'copy');
  await copyFile(path, copy);
  const change = withFile(path, (bytes) => {
    const layout = readTable(bytes)!;
    const partition = layout.partitions.find((candidate) => candidate.number === number)!;
    return shortenLast(bytes, layout, partition, 3 * mebibyte);
  });
  if (change) await writeBytes(copy, change.diskBytes, change.changes);
  const [before, after] = [await sfdisk(['--dump'], path), await sfdisk(['--dump'], copy)];
  return { before, after, change };
}

it.each([
  ['mbr', 'label: dos\nlabel-id: 0x12345678\nstart=2048, size=2MiB, type=ef\nstart=8192, type=83, bootable\n', 2, 7],
  [
    'gpt',
    'label: gpt\nstart=2048, size=1MiB, type=uefi, attrs="GUID:63"\nstart=4096, type=linux, name="r", attrs="LegacyBIOSBootable"\n',
    2,
    6,
  ],
])('sfdisk finds nothing changed but sizes, and no fault: %s', (_, script, number, mebibytes) =>
  withFolder(async (folder) => {
    const { before, after, change } = await shortened(folder, script, number);
    expect(change?.diskBytes).toBe(mebibytes * mebibyte);
    const others = (dump: string): string => dump.replace(/last-lba: \d+/, '').replace(/(disk2 .*size=) *\d+/, '$1');
    expect(others(after).replaceAll('copy', 'disk')).toBe(others(before));
    expect(after).toMatch(/2 : .*size= +6144,/);
    expect(await sfdisk(['--verify'], join(folder, 'copy'))).toContain('No errors detected');
  }),
);

it.each([
  ['one before others', 'label: dos\nsize=4MiB\nsize=4MiB, type=82\n', 1],
  ['one in an extended partition', 'label: dos\nsize=2MiB\ntype=5\nsize=4MiB\n', 5],
])('shortens no partition that is not the last primary one: %s', (_, script, number) =>
  withFolder(async (folder) => expect((await shortened(folder, script, number)).change).toBeUndefined()),
);
