import { formatBytes, formatTable } from '@nx-debian-image/report';
import type { PackageChange } from '../../debian/lock/changes.ts';
import type { FileChange } from '../../disk/layers/tree-changes.ts';
import { changesTable } from './changes-table.ts';
import type { Sizes } from './side.ts';

/** What came of a comparison; null where there was nothing to compare. */
export interface Difference {
  readonly old: string;
  readonly new: string;
  readonly packages: readonly PackageChange[];
  readonly files: readonly FileChange[] | null;
  readonly sizes: { readonly old: Sizes; readonly new: Sizes } | null;
}

/** More files than a person reads; all of them are in the JSON. */
const shownFiles = 40;

/** A comparison for people: packages, files and sizes, each with its sums. */
export function diffTable(difference: Difference): string {
  return [
    `${difference.new} compared with ${difference.old}`,
    ...packageLines(difference.packages),
    ...fileLines(difference.files),
    ...sizeLines(difference.sizes),
  ].join('\n');
}

function packageLines(packages: readonly PackageChange[]): string[] {
  if (packages.length === 0) return ['packages: the same'];
  return [`packages: ${counts(packages)}`, indent(changesTable(packages))];
}

function fileLines(files: readonly FileChange[] | null): string[] {
  if (files === null) return ['files: not compared, for one side has no tree in the store'];
  if (files.length === 0) return ['files: the same'];
  const bytes = files.reduce((sum, file) => sum + (file.new ?? 0) - (file.old ?? 0), 0);
  const rows = files.slice(0, shownFiles).map((file) => [file.path, file.change, arrow(file.old, file.new)]);
  const more = files.length > shownFiles ? [`  and ${files.length - shownFiles} more; --json has all`] : [];
  return [`files: ${counts(files)}; ${signed(bytes)}`, indent(formatTable(rows)), ...more];
}

function sizeLines(sizes: Difference['sizes']): string[] {
  if (sizes === null) return ['sizes: not compared, for one side has not been extracted'];
  const rows = (['kernel', 'ramdisk', 'root'] as const).map((name) => [
    name,
    arrow(sizes.old[name], sizes.new[name]),
    signed(sizes.new[name] - sizes.old[name]),
  ]);
  return ['sizes:', indent(formatTable(rows))];
}

/** `2 added, 1 upgraded`, in the order in which they first come. */
function counts(changes: readonly { readonly change: string }[]): string {
  const sums = new Map<string, number>();
  for (const { change } of changes) sums.set(change, (sums.get(change) ?? 0) + 1);
  return [...sums].map(([change, count]) => `${count} ${change}`).join(', ');
}

function arrow(old: number | null, next: number | null): string {
  return [...new Set([old, next].filter((size) => size !== null).map(formatBytes))].join(' -> ');
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '-' : '+'}${formatBytes(Math.abs(bytes))}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
