import { expect, it } from 'vitest';
import { foldersAbove } from './folders-above.ts';

it('gives each folder that a path is in, the uppermost first', () => {
  expect(foldersAbove('a/b/c')).toEqual(['a', 'a/b']);
  expect(foldersAbove('c')).toEqual([]);
});
