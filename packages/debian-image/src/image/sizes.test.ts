import { expect, it } from 'vitest';
import { parseSize } from './sizes.ts';

it.each([
  ['16MiB', 16_777_216],
  ['5 GiB', 5_368_709_120],
  ['1.5KiB', 1536],
  ['0', 0],
  [4096, 4096],
])('reads %j', (size, bytes) => {
  expect(parseSize(size)).toBe(bytes);
});

it.each(['16MB', '-1', 'MiB', '0.3B', '', 1.5, -1])('refuses %j', (size) => {
  expect(parseSize(size)).toBeUndefined();
});
