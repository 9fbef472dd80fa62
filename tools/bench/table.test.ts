import { expect, it } from 'vitest';
import { parseTimes } from './measure.ts';
import { replaceMeasured } from './page.ts';
import { median, renderSizes, renderTimes } from './table.ts';

const measured = (...seconds: number[]) => seconds.map((value) => ({ seconds: value, cpuSeconds: value / 2, peakBytes: 1 << 20 }));

it('compares medians with those of mmdebstrap and says why something was not measured', () => {
  const lines = renderTimes([
    { name: 'first-build', title: 'first build', aim: '12 s', measurements: measured(3, 1, 2) },
    { name: 'mmdebstrap', title: 'plain', measurements: measured(4, 4) },
    { name: 'mkosi', title: 'mkosi', measurements: [], obstacle: 'it is not installed' },
  ]).split('\n');
  expect(lines.slice(2)).toEqual([
    '| first build | 1.00 | 2.00 | 0.50 | 1.00 | 1 MiB | 12 s |',
    '| plain | 4.00 | 4.00 | 1.00 | 2.00 | 1 MiB |  |',
    '| mkosi | not measured: it is not installed |  |  |  |  |  |',
  ]);
});

it('gives sizes beside the bytes in the files', () => {
  const sizes = { content: 1000, rounded: 2000, root: 3000, rootResized: 2500, resized: 5000, resizedAgain: 4000 };
  expect(renderSizes(sizes)).toContain('| `root.ext4` | 2.9 KiB | 1.500 | 3.000 |');
});

it('takes the middle value, or the mean of two', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
});

it("adds up the shell's times", () => {
  expect(parseTimes('0m0.00s 0m0.25s\n1m2.50s 0m0.25s\n')).toBe(63);
  expect(parseTimes('0m0.000000s 0m0.000000s\n0m18.460000s 0m7.200000s\n')).toBeCloseTo(25.66);
  expect(() => parseTimes('')).toThrow('not the output of times');
});

it('replaces what a page has between its marks, and nothing else', () => {
  const page = 'before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n';
  const once = replaceMeasured(page, 'new');
  expect(once).toBe('before\n<!-- measured: begin -->\n\nnew\n\n<!-- measured: end -->\nafter\n');
  expect(replaceMeasured(once, 'new')).toBe(once);
  expect(() => replaceMeasured('nothing', 'new')).toThrow('no <!-- measured: begin -->');
});
