import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directory, file, type TestEntry, withFolder, writeTar } from '../testing/tar.ts';
import { mergeLayers, type Tree } from './merge.ts';
import { indexTar } from './tar-index.ts';
import { treeChanges } from './tree-changes.ts';

const base = [directory('./etc/'), file('./etc/hosts', 'a'), file('./etc/motd', 'welcome'), file('./etc/gone', 'x'.repeat(70_000))];

/** Compares two stacks of layers; a layer that is named twice is one file. */
function compare(before: readonly (readonly TestEntry[])[], after: readonly (readonly TestEntry[])[]) {
  return withFolder(async (folder) => {
    const files = new Map<readonly TestEntry[], string>();
    const tree = async (layers: readonly (readonly TestEntry[])[]): Promise<Tree> => {
      for (const layer of layers) if (!files.has(layer)) files.set(layer, await writeTar(join(folder, `${files.size}.tar`), layer));
      return mergeLayers(layers.map((layer) => indexTar(files.get(layer)!)));
    };
    return treeChanges(await tree(before), await tree(after));
  });
}

it('finds nothing between trees alike, in the same layers and in others, whatever their times and order', async () => {
  expect(await compare([base], [base])).toEqual([]);
  expect(await compare([base], [[...base.slice(0, 1), ...base.slice(1).toReversed()]])).toEqual([]);
});

it('finds files that came, went and changed, with their sizes', async () => {
  const upper = [directory('./etc/'), file('./etc/.wh.gone', ''), file('./etc/motd', 'hello!!'), file('./etc/new', 'new')];
  expect(await compare([base], [base, upper])).toEqual([
    { path: '/etc/gone', change: 'removed', old: 70_000, new: null },
    { path: '/etc/motd', change: 'changed', old: 7, new: 7 },
    { path: '/etc/new', change: 'added', old: null, new: 3 },
  ]);
});

it.each<[string, TestEntry, TestEntry]>([
  ['mode', file('./f', 'a'), { ...file('./f', 'a'), mode: 0o4755 }],
  ['target', { name: './f', type: 'symlink', linkname: 'a' }, { name: './f', type: 'symlink', linkname: 'b' }],
  ['type', directory('./f'), file('./f', '')],
  [
    'device',
    { name: './f', type: 'character-device', devmajor: 1, devminor: 3 },
    { name: './f', type: 'character-device', devmajor: 1, devminor: 5 },
  ],
  ['attributes', file('./f', 'a'), { ...file('./f', 'a'), pax: { 'SCHILY.xattr.user.x': 'y' } }],
  ['last byte', file('./f', 'a'.repeat(70_000)), file('./f', `${'a'.repeat(69_999)}b`)],
])('finds another %s', async (_what, before, after) => {
  expect(await compare([[before]], [[after]])).toMatchObject([{ path: '/f', change: 'changed' }]);
});

it('finds what two names share changed under both', async () => {
  const linked = (content: string): TestEntry[] => [file('./a', content), { name: './b', type: 'link', linkname: './a' }];
  expect((await compare([linked('one')], [linked('two')])).map(({ path }) => path)).toEqual(['/a', '/b']);
});
