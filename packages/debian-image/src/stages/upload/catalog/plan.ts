import { canonicalJson } from '@nx-debian-image/artifact-store';
import type { Item, Product } from './product.ts';
import { compareVersions } from './version.ts';
import { type Version, versionFormat } from './versions.ts';

/** What publishing would do. */
export interface Plan {
  /**
   * `publish` a new version; `describe` the newest anew, whose bytes are the same but not its description; `keep` it as it is;
   * `withhold` bytes that were rolled back before.
   */
  readonly action: 'publish' | 'describe' | 'keep' | 'withhold';
  /** The version that is published, described, kept or withheld. */
  readonly version: Version;
  /** Versions that fall out of the catalog, oldest first. */
  readonly remove: readonly string[];
}

/** The versions that people see: all that were not rolled back. */
export function visible(versions: readonly Version[]): Version[] {
  return versions.filter(({ withdrawn }) => withdrawn !== true);
}

/** Decides what to do, given the versions that are there (oldest first). `keep` counts the versions people see, the newest included. */
export function planPublication(existing: readonly Version[], draft: Omit<Version, 'format' | 'withdrawn'>, keep: number): Plan {
  const wanted: Version = { format: versionFormat, ...draft };
  const newest = visible(existing).at(-1);
  if (newest !== undefined && sameItems(newest.items, wanted.items)) {
    const described: Version = { ...newest, product: wanted.product };
    const action = sameProduct(newest.product, wanted.product) ? 'keep' : 'describe';
    return { action, version: described, remove: outdated(existing, keep) };
  }
  const rolledBack = existing.findLast((version) => version.withdrawn === true && sameItems(version.items, wanted.items));
  if (rolledBack !== undefined) return { action: 'withhold', version: rolledBack, remove: [] };
  return { action: 'publish', version: wanted, remove: outdated([...existing, wanted], keep) };
}

function outdated(versions: readonly Version[], keep: number): string[] {
  const oldestKept = visible(versions).slice(-keep)[0];
  if (oldestKept === undefined) return [];
  return versions.map(({ version }) => version).filter((version) => compareVersions(version, oldestKept.version) < 0);
}

function sameItems(a: readonly Item[], b: readonly Item[]): boolean {
  return bytesKey(a) === bytesKey(b);
}

function bytesKey(items: readonly Item[]): string {
  const lines = items.map(({ name, ftype, size, sha256 }) => [name, ftype, size, sha256].join(' '));
  return lines.toSorted().join('\n');
}

function sameProduct(a: Product, b: Product): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
