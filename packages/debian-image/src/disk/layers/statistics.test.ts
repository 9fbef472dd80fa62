import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directory, file, type TestEntry, withFolder, writeTar } from '../testing/tar.ts';
import { mergeLayers } from './merge.ts';
import { treeStatistics, type TreeStatistics } from './statistics.ts';
import { indexTar } from './tar-index.ts';

const statistics = (entries: readonly TestEntry[]): Promise<TreeStatistics> =>
  withFolder(async (folder) => treeStatistics(mergeLayers([indexTar(await writeTar(join(folder, 'a.tar'), entries))])));
const other = async (entry: TestEntry): Promise<number> => (await statistics([entry])).otherBlocks;
const names = (count: number): TestEntry[] =>
  Array.from({ length: count }, (_, index) => file(`name-${String(index).padStart(7, '0')}`, ''));

it('counts content once for all its names, and no blocks of zeros', async () => {
  const entries: TestEntry[] = [
    file('a', 'x'.repeat(5000)),
    { name: 'b', type: 'link', linkname: 'a' },
    file('c', Buffer.alloc(10_000)),
    directory('d/'),
    file('e', ''),
  ];
  expect(await statistics(entries)).toEqual({
    inodes: 4,
    contentBytes: 15_000,
    roundedBytes: 8192 + 12_288,
    contentBlocks: 2,
    directoryBlocks: 2,
    otherBlocks: 0,
  });
});

it('counts blocks for long symbolic links, large attributes and many extents', async () => {
  const holes = Buffer.alloc(12 * 4096);
  for (let block = 0; block < 12; block += 2) holes[block * 4096] = 1;
  const pax = { 'SCHILY.xattr.security.capability': 'x'.repeat(20) };
  expect(await other({ name: 'a', type: 'symlink', linkname: 'x'.repeat(59) })).toBe(0);
  expect(await other({ name: 'a', type: 'symlink', linkname: 'x'.repeat(60) })).toBe(1);
  expect(await other({ ...file('a'), pax })).toBe(0);
  expect(await other({ ...file('a'), pax: { ...pax, 'SCHILY.xattr.user.k': 'x'.repeat(60) } })).toBe(1);
  expect(await other(file('a', holes))).toBe(1);
});

it('fills directory blocks as mke2fs does', async () => {
  // 8 + 12 bytes each: 203 fit beside `.` and `..`, 204 in every other block.
  for (const [count, blocks] of [
    [203, 1],
    [204, 2],
    [407, 2],
    [408, 3],
  ] as const)
    expect((await statistics(names(count))).directoryBlocks).toBe(blocks);
});
