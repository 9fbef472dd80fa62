import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inParallel } from './in-parallel.ts';

it('does all, so many at once, and gives the results in order', async () => {
  let running = 0;
  let most = 0;
  const done = await inParallel(3, [5, 1, 4, 2, 3, 0], async (item) => {
    most = Math.max(most, (running += 1));
    await wait(item * 2);
    running -= 1;
    return item * 10;
  });
  expect(done).toEqual([50, 10, 40, 20, 30, 0]);
  expect(most).toBe(3);
});

it('begins nothing after a failure, and tells of it once nothing runs any more', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const working = inParallel(2, [1, 2, 3, 4], async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('bad luck');
    await wait(20);
    ended.push(item);
  });
  await expect(working).rejects.toThrow('bad luck');
  expect([begun, ended]).toEqual([[1, 2], [2]]);
});
