import type { StoreUsage } from '@nx-debian-image/artifact-store';
import { formatBytes, formatTable } from '@nx-debian-image/report';

/** What things in a store are to a person, by the name of their folder or of their kind of memo. */
const words: Readonly<Record<string, string>> = {
  unpacked: 'packages, uncompressed',
  settings: 'settings of configure, remembered',
  apt: 'lists of packages',
  tools: 'tools, unpacked',
  corrupt: 'corrupt blobs, put aside',
};

/** The usage of a store as a table: images, largest first, then what they are made of and what is of nobody here. */
export function usageTable(usage: StoreUsage): string {
  const images = usage.owners.toSorted((a, b) => b.own - a.own || (a.name < b.name ? -1 : 1));
  const named = (sums: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(sums).map(([name, bytes]) => [words[name] ?? name, bytes]);
  const rest: [string, number][] = [
    ['shared by several images', usage.shared],
    ['packages', usage.packages],
    ...named(usage.memo),
    ...named(usage.folders),
    ['of other checkouts, or of nothing any more', usage.others],
  ];
  return formatTable([
    ['', 'own', 'shared'],
    ...images.map(({ name, own, shared }) => [name, formatBytes(own), shared === 0 ? '' : formatBytes(shared)]),
    ...rest.filter(([, bytes]) => bytes > 0).map(([name, bytes]) => [name, formatBytes(bytes)]),
    ['all', formatBytes(usage.total)],
    ...(usage.linked > 0 ? [['of that also elsewhere, such as in a catalog', formatBytes(usage.linked)]] : []),
  ]);
}
