import { expect, it } from 'vitest';
import { readBuffer } from '../read-at.ts';
import { firstDifference } from './bytes.ts';

const size = (1 << 20) + 4;
const bytes = (...changed: number[]): ReturnType<typeof readBuffer> => {
  const buffer = Buffer.alloc(size, 7);
  for (const index of changed) buffer[index] = 8;
  return readBuffer(buffer);
};

it('finds the first byte that differs, over pieces', () => {
  expect(firstDifference(bytes(), bytes())).toBeUndefined();
  expect(firstDifference(bytes(), bytes(size - 1, size - 2))).toBe(size - 2);
  expect(firstDifference(bytes(0), bytes())).toBe(0);
});

it('takes the end of the shorter one for a difference, and looks into ranges', () => {
  expect(firstDifference(bytes(), readBuffer(Buffer.alloc(10, 7)))).toBe(10);
  expect(firstDifference(bytes(5), bytes(105), { start: 5, size: 10 }, { start: 105, size: 10 })).toBeUndefined();
  expect(firstDifference(bytes(5), bytes(), { start: 3, size: 10 }, { start: 3, size: 10 })).toBe(2);
});
