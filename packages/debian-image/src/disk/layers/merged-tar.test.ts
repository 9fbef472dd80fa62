import { join } from 'node:path';
import { extract } from 'tar-stream';
import { expect, it } from 'vitest';
import { directory, file, type TestEntry, withFolder, writeTar } from '../testing/tar.ts';
import { mergeLayers } from './merge.ts';
import { mergedPieces, pieceStream, totalBytes } from './merged-tar.ts';
import { indexTar } from './tar-index.ts';

/** The merged tar as another reader sees it: a line for each entry. */
async function merged(...layers: readonly TestEntry[][]): Promise<string[]> {
  return withFolder(async (folder) => {
    const indexes = [];
    for (const [number, entries] of layers.entries()) indexes.push(indexTar(await writeTar(join(folder, `${number}.tar`), entries)));
    const pieces = mergedPieces(mergeLayers(indexes));
    const lines: string[] = [];
    let bytes = 0;
    for await (const entry of pieceStream(pieces, (count) => (bytes += count)).pipe(extract())) {
      const { name, type, linkname, mode, pax } = entry.header as TestEntry;
      let content = '';
      for await (const chunk of entry) content += String(chunk);
      const attributes = Object.entries(pax ?? {}).filter(([key]) => key.startsWith('SCHILY'));
      lines.push(
        [name, type === 'file' ? content : type, linkname, mode === 0o644 || mode === 0o755 ? '' : mode?.toString(8), ...attributes.flat()]
          .filter(Boolean)
          .join(' '),
      );
    }
    expect(bytes).toBeLessThanOrEqual(totalBytes(pieces));
    return lines;
  });
}

const link = (name: string, linkname: string): TestEntry => ({ name, type: 'link', linkname });

it('sorts by path, a directory before what is in it, byte by byte within each directory', async () => {
  expect(
    await merged([directory('./'), directory('./b/'), file('./b/z'), file('./b/Z'), file('./b.txt'), directory('./a/'), file('./a/x')]),
  ).toEqual(['./ directory', './a/ directory', './a/x ./a/x', './b/ directory', './b/Z ./b/Z', './b/z ./b/z', './b.txt ./b.txt']);
});

it('lets upper layers replace, remove and hide', async () => {
  const lower = [
    directory('a/'),
    file('a/keep'),
    file('a/gone'),
    file('a/old', '1'),
    directory('b/'),
    file('b/x'),
    directory('c/'),
    file('c/x'),
    directory('d/'),
    file('d/x'),
  ];
  const upper = [
    { ...directory('a/'), mode: 0o700 },
    file('a/.wh.gone', ''),
    file('a/old', '2'),
    directory('b/'),
    file('b/new'),
    file('b/.wh..wh..opq', ''),
    file('c', 'now a file'),
    file('.wh.d', ''),
    file('.wh.never-there', ''),
  ];
  expect(await merged(lower, upper)).toEqual([
    'a/ directory 700',
    'a/keep a/keep',
    'a/old 2',
    'b/ directory',
    'b/new b/new',
    'c now a file',
  ]);
});

it('removes and brings back within one layer', async () => {
  expect(await merged([directory('a/'), file('a/x')], [directory('a/'), file('a/y'), file('.wh.a', '')])).toEqual([
    'a/ directory',
    'a/y a/y',
  ]);
});

it('keeps the content of a hard link whose target is removed or replaced', async () => {
  const lower = [{ ...file('a', 'content'), mode: 0o4755, pax: { 'SCHILY.xattr.user.k': 'v' } }, link('b', 'a'), link('c', 'a')];
  expect(await merged(lower, [file('.wh.a', '')])).toEqual(['b content 4755 SCHILY.xattr.user.k v', 'c link b 4755 SCHILY.xattr.user.k v']);
  expect(await merged(lower, [file('a', 'new'), link('z', 'b')])).toEqual([
    'a new',
    'b content 4755 SCHILY.xattr.user.k v',
    'c link b 4755 SCHILY.xattr.user.k v',
    'z link b 4755 SCHILY.xattr.user.k v',
  ]);
});

it('puts content before the links to it, names longer than a header included', async () => {
  const name = `${'n'.repeat(200)}`;
  expect(
    await merged([file('z', 'content'), link(name, 'z'), { name: 'y', type: 'symlink', linkname: 's'.repeat(150) }, link('x', 'y')]),
  ).toEqual([`${name} content`, `x symlink ${'s'.repeat(150)}`, 'y link x', `z link ${name}`]);
});

it('reads neighbours in one piece', () =>
  withFolder(async (folder) => {
    const path = await writeTar(join(folder, 'a.tar'), [directory('a/'), file('a/x'), file('a/y')]);
    expect(mergedPieces(mergeLayers([indexTar(path)]))).toHaveLength(2);
  }));

it.each([
  ['has no directory above it', [file('a/b')]],
  ['has no directory above it', [file('a'), file('a/b')]],
  ['which is no file', [link('b', 'a')]],
  ['is not a directory', [file('./')]],
  ['is a whiteout of an unknown kind', [file('.wh..wh.aufs', '')]],
])('says that an entry %s', async (what, entries) => {
  await expect(merged(entries)).rejects.toThrow(
    expect.objectContaining({ reason: 'invalid', message: expect.stringContaining(what) as string }) as Error,
  );
});
