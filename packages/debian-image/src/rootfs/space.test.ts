import { expect, it } from 'vitest';
import { chooseMemory } from './space.ts';

const tooMuch = Number.MAX_SAFE_INTEGER;

it('works in memory only where there is room for it, unless told otherwise', async () => {
  expect(await chooseMemory(tooMuch, {})).toBeUndefined();
  expect(await chooseMemory(tooMuch, { DEBIAN_IMAGE_SCRATCH: 'memory' })).toBe(tooMuch);
  expect(await chooseMemory(0, { DEBIAN_IMAGE_SCRATCH: 'disk' })).toBeUndefined();
  // with the reserve it comes to nothing, for which there is always room
  expect(await chooseMemory(-(1 << 30), {})).toBe(-(1 << 30));
});
