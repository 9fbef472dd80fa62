import { expect, it } from 'vitest';
import { ext4Profiles } from '../../debian/ext4.ts';
import { defaultSlack, planExt4 } from './plan.ts';

/** A bookworm with the cloud kernel, ssh, vim and locales. */
const bookworm = {
  inodes: 16_445,
  contentBytes: 428_739_905,
  roundedBytes: 461_168_640,
  contentBlocks: 112_100,
  directoryBlocks: 1809,
  otherBlocks: 109,
};

it.each(['plain', 'checked', 'seeded'] as const)('makes a real tree no larger than 1.06 times its blocks of content, %s', (kind) => {
  const { blocks, freeBlocks, inodes } = planExt4({
    statistics: bookworm,
    freeBytes: defaultSlack(bookworm.contentBytes),
    profile: ext4Profiles[kind],
  });
  expect((blocks * 4096) / bookworm.roundedBytes).toBeLessThan(1.06);
  expect(freeBlocks).toBe(1047);
  expect(inodes).toBeUndefined();
});

it('asks for inodes where there are more files than one for 16 KiB', () => {
  const { blocks, inodes } = planExt4({ statistics: { ...bookworm, inodes: 100_000 }, freeBytes: 0, profile: ext4Profiles.checked });
  expect(inodes).toBe(105_012);
  expect(blocks).toBeGreaterThan(planExt4({ statistics: bookworm, freeBytes: 0, profile: ext4Profiles.checked }).blocks);
});

it('has slack of 1 %, and 4 MiB at least', () => {
  expect(defaultSlack(0)).toBe(4 << 20);
  expect(defaultSlack(10 ** 10)).toBe(10 ** 8);
});
