import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directory, file, type TestEntry, withFolder, writeTar } from '../testing/tar.ts';
import { compareTars } from './tars.ts';

const base = [directory('etc'), file('etc/hosts', 'localhost\n'), file('etc/motd', 'welcome\n')];

function differences(first: readonly TestEntry[], second: readonly TestEntry[]): Promise<string[]> {
  return withFolder(async (folder) => {
    const [one, two] = [await writeTar(join(folder, 'one'), first), await writeTar(join(folder, 'two'), second)];
    return compareTars(one, two).map(({ path, what }) => `${path}: ${what}`);
  });
}

it('finds nothing where all is alike', async () => {
  expect(await differences(base, base)).toEqual([]);
});

it('names each file that differs, and in what', async () => {
  const second = [
    directory('etc'),
    file('etc/hosts', 'localhosT\n'),
    { ...file('etc/motd', 'welcome\n'), mode: 0o600 },
    file('etc/new'),
    { name: 'etc/link', type: 'symlink', linkname: 'a' } as const,
  ];
  const first = [...base, file('etc/gone'), { name: 'etc/link', type: 'symlink', linkname: 'b' } as const];
  expect(await differences(first, second)).toEqual([
    'etc/gone: it is only in the first',
    'etc/hosts: its content from byte 8 on',
    'etc/link: where it points: b and a',
    'etc/motd: the mode: 000644 and 000600',
    'etc/new: it is only in the second',
  ]);
});

it('tells contents of other sizes, times and attributes', async () => {
  const longer = [...base.slice(0, 2), file('etc/motd', 'welcome\nall\n')];
  expect(await differences(base, longer)).toEqual(['etc/motd: its content from byte 8 on, 8 and 12 bytes']);
  const capable = { ...file('bin/ping'), pax: { 'SCHILY.xattr.security.capability': 'x' } };
  expect(await differences([file('bin/ping')], [capable])).toEqual([
    'bin/ping: its attributes: none and SCHILY.xattr.security.capability="x"',
  ]);
  const later = { ...file('etc/motd', 'welcome\n'), mtime: new Date(5000) } as TestEntry;
  expect(await differences(base, [...base.slice(0, 2), later])).toEqual(['etc/motd: the time: 1 and 5']);
});

it('tells that the order differs, where nothing else does', async () => {
  expect(await differences(base, [base[0]!, base[2]!, base[1]!])).toEqual(['etc/hosts: its place among the others']);
});
