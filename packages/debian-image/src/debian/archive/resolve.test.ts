import { expect, it } from 'vitest';
import { unknownPackages } from './resolve.ts';

it('hears which packages apt does not know, each once', () => {
  const said = `E: Unable to locate package kubernetes
E: Package 'vim-old' has no installation candidate
E: Unable to locate package foo.bar
E: Couldn't find any package by glob 'foo.bar'
E: Couldn't find any package by regex 'foo.bar'
E: Unable to correct problems, you have held broken packages.`;
  expect(unknownPackages(said)).toEqual(['kubernetes', 'vim-old', 'foo.bar']);
  expect(unknownPackages('E: Could not get lock')).toEqual([]);
});
