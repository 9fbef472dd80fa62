import { expect, it } from 'vitest';
import { planShrink } from './plan.ts';

const mebibyte = 1 << 20;
const disk = (wantedFreeBytes: number): Parameters<typeof planShrink>[0] => ({
  root: { partition: 1, uuid: '', blockSize: 4096, features: [], freeBytes: wantedFreeBytes + 4096, wantedFreeBytes },
  content: { bytes: 1000 * mebibyte, rounded: 1010 * mebibyte },
});

it('keeps a disk that was made with just this slack', () => {
  expect(planShrink(disk(16 * mebibyte), 16 * mebibyte)).toEqual({ keep: true, freeBytes: 16 * mebibyte });
  expect(planShrink(disk(10 * mebibyte), undefined)).toEqual({ keep: true, freeBytes: 10 * mebibyte });
});

it('makes it anew where there is more free, or less', () => {
  expect(planShrink(disk(116 * mebibyte), 16 * mebibyte)).toEqual({ keep: false, freeBytes: 16 * mebibyte });
  expect(planShrink(disk(0), 16 * mebibyte)).toEqual({ keep: false, freeBytes: 16 * mebibyte });
});
