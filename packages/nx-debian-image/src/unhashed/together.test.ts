import { expect, it, vi } from 'vitest';
import { together } from './together.ts';

it('answers at once what is asked within one turn, each its own', async () => {
  const double = vi.fn<(numbers: readonly number[]) => Promise<number[]>>(async (numbers) => numbers.map((number) => number * 2));
  const ask = together(double);
  expect(await Promise.all([1, 2, 3].map(ask))).toEqual([2, 4, 6]);
  expect(await ask(4)).toBe(8);
  expect(double.mock.calls).toEqual([[[1, 2, 3]], [[4]]]);
});

it('fails all that was asked together, and nothing later', async () => {
  const ask = together(async (words: readonly string[]) => {
    if (words.includes('bad')) throw new Error('bad');
    return words;
  });
  const asked = await Promise.allSettled([ask('good'), ask('bad')]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask('good')).toBe('good');
});
