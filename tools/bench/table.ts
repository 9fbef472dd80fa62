import { formatBytes } from '../../packages/report/src/index.ts';
import type { Measurement } from './measure.ts';
import type { RootSizes } from './root-size.ts';

/** What came out for one subject: its measurements, or why there are none. */
export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly aim?: string;
  readonly measurements: readonly Measurement[];
  readonly obstacle?: string;
}

/** The subject that the ratios are taken to. */
export const reference = 'mmdebstrap';

/** The times as a table in Markdown. Ratios compare medians of one and the same measuring, CPU seconds are medians, memory the most. */
export function renderTimes(outcomes: readonly Outcome[]): string {
  const other = outcomes.find(({ name }) => name === reference)?.measurements ?? [];
  const base = other.length > 0 ? median(other.map(({ seconds }) => seconds)) : undefined;
  const rows = outcomes.map(({ title, aim = '', measurements, obstacle }) => {
    if (measurements.length === 0) return [title, `not measured: ${obstacle ?? 'not asked for'}`, '', '', '', '', aim];
    const seconds = measurements.map((measurement) => measurement.seconds);
    return [
      title,
      Math.min(...seconds).toFixed(2),
      median(seconds).toFixed(2),
      base === undefined ? '' : (median(seconds) / base).toFixed(2),
      median(measurements.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2),
      formatBytes(Math.max(...measurements.map(({ peakBytes }) => peakBytes))),
      aim,
    ];
  });
  return renderTable(['what', 'least s', 'median s', `× ${reference}`, 'CPU s', 'peak memory', 'aim'], rows);
}

/** The sizes of the root file system as a table in Markdown. */
export function renderSizes({ content, rounded, root, rootResized, resized, resizedAgain }: RootSizes): string {
  const row = (what: string, bytes: number): string[] => [
    what,
    formatBytes(bytes),
    (bytes / rounded).toFixed(3),
    (bytes / content).toFixed(3),
  ];
  return renderTable(
    ['root file system', 'size', '× files in 4 KiB blocks', '× bytes in files'],
    [
      row('`root.ext4`', root),
      row('`root.ext4` after `resize2fs -M`', rootResized),
      row('the same files in ext4 of 10 GiB, after `resize2fs -M`', resized),
      row('the same, `resize2fs -M` until it stops shrinking', resizedAgain),
      row('the files in blocks of 4 KiB', rounded),
      row('the bytes in the files', content),
    ],
  );
}

/** A table in Markdown, numbers to the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The one in the middle, or the mean of the two there. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
