import { afterAll } from 'vitest';

const work: (() => unknown)[] = [];

// registered while a test file is read: what hooks and tests register themselves is not heard of
afterAll(async () => {
  for (let undo = work.pop(); undo !== undefined; undo = work.pop()) await undo();
});

/** For tests: does something after the tests of this file, the last that was asked for first. */
export function afterwards(undo: () => unknown): void {
  work.push(undo);
}
