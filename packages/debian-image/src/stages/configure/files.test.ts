import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImageFile } from '../../image/index.ts';
import { planFiles, planScripts } from './files.ts';
import { makeTree, type Tree } from './testing/in-tree.ts';

let image: Tree;

beforeEach(async () => {
  image = await makeTree({ 'files/usr/local/bin/hello': '#!/bin/sh\n', 'files/etc/motd': 'Hello\n', 'one.conf': 'a\n' });
  await symlink('motd', join(image.folder, 'files/etc/motd.link'));
});

afterEach(() => image.remove());

const entry = (file: Partial<ImageFile>): ImageFile => ({
  target: '/',
  owner: 'root',
  group: 'root',
  mode: undefined,
  ...file,
  source: join(image.folder, file.source ?? 'files'),
});

it('lists a folder with everything below it, sorted, folders first, and keeps execute bits', async () => {
  const entries = await planFiles({ files: [entry({})] });
  expect(entries.map(({ kind, target, mode, staged, linkTo }) => [kind, target, mode.toString(8), staged?.path ?? linkTo])).toEqual([
    ['folder', '/etc', '755', undefined],
    ['file', '/etc/motd', '644', 'files/1'],
    ['link', '/etc/motd.link', '777', 'motd'],
    ['folder', '/usr', '755', undefined],
    ['folder', '/usr/local', '755', undefined],
    ['folder', '/usr/local/bin', '755', undefined],
    ['file', '/usr/local/bin/hello', '755', 'files/6'],
  ]);
});

it('puts a file under its own name where the target ends with a slash', async () => {
  const files = [entry({ source: 'one.conf', target: '/etc/' }), entry({ source: 'one.conf', target: '/etc/two.conf', mode: 0o600 })];
  const entries = await planFiles({ files });
  expect(entries.map(({ target, mode, staged }) => [target, mode, staged])).toEqual([
    ['/etc/one.conf', 0o644, { path: 'files/0', source: join(image.folder, 'one.conf') }],
    ['/etc/two.conf', 0o600, { path: 'files/1', source: join(image.folder, 'one.conf') }],
  ]);
});

it('gives scripts their own names', () => {
  expect(planScripts({ scripts: ['scripts/x.sh', 'other/x.sh'].map((path) => ({ path, source: `/images/a/${path}` })) })).toEqual([
    { path: 'scripts/0/x.sh', source: '/images/a/scripts/x.sh' },
    { path: 'scripts/1/x.sh', source: '/images/a/other/x.sh' },
  ]);
});
