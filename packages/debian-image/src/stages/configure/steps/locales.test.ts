import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { imageOf } from '../testing/image.ts';
import { makeTree, runStep, type Tree } from '../testing/in-tree.ts';
import { localesStep } from './locales.ts';

let tree: Tree;

beforeEach(async () => {
  tree = await makeTree({
    'usr/share/i18n/SUPPORTED': 'fr_FR.UTF-8 UTF-8\nfr_FR ISO-8859-1\nfr_FR@euro ISO-8859-15\n',
    'etc/locale.gen': '# old\nde_DE.UTF-8 UTF-8\n',
  });
});

afterEach(() => tree.remove());

const go = (locales: string[], lang = 'C.UTF-8') => {
  const step = localesStep(imageOf({ release: 'bookworm', locales, lang }));
  // the locales of this machine are not touched: what would go into the archive is said instead
  const localedef = 'localedef() { [ "$1" = --no-archive ] || echo "$1 ${2##*/}"; }';
  return runStep(tree, { ...step, script: `${localedef}\n${step.script}` });
};

it('generates the wanted locales and no others', async () => {
  const { lines } = await go(['fr_FR.UTF-8', 'fr_FR'], 'fr_FR');
  expect(lines.slice(1)).toEqual(['--add-to-archive fr_FR.UTF-8', '--add-to-archive fr_FR']);
  expect(await readFile(join(tree.folder, 'etc/locale.gen'), 'utf8')).toBe('fr_FR.UTF-8 UTF-8\nfr_FR ISO-8859-1\n');
  expect(await readFile(join(tree.folder, 'etc/default/locale'), 'utf8')).toBe('LANG=fr_FR\n');
});

it('ends at an unknown one with those that there are', async () => {
  const { status, markers } = await go(['fr_FR.UTF8']);
  expect(status).toBe(1);
  expect(markers).toContainEqual({ kind: 'unknown', what: 'locale', name: 'fr_FR.UTF8' });
  expect(markers).toContainEqual({ kind: 'candidate', name: 'fr_FR.UTF-8' });
});

it('needs no locales package where none is wanted', async () => {
  expect((await go([])).lines).toEqual(['::step locales language C.UTF-8']);
});
