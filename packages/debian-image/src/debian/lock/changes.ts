import type { ArchivePart, LockedPackage } from '../archive/package.ts';
import { compareVersions } from '../version.ts';

/** How a package differs between two lists; `replaced` has the same version and other bytes. */
type ChangeKind = 'added' | 'removed' | 'upgraded' | 'downgraded' | 'replaced';

export interface PackageChange {
  readonly package: string;
  readonly change: ChangeKind;
  /** The version before; null for one that is added. */
  readonly old: string | null;
  /** The version after; null for one that is removed. */
  readonly new: string | null;
  /** Whether the new version comes from the security suite; null where that is not known. */
  readonly security: boolean | null;
}

type Listed = Pick<LockedPackage, 'name' | 'version' | 'architecture' | 'sha256'> & { readonly archive?: ArchivePart };

/** What leads from one list of packages to another, by name. A package is told apart by name alone: an image has one architecture. */
export function packageChanges(before: readonly Listed[], after: readonly Listed[]): PackageChange[] {
  const [left, right] = [byName(before), byName(after)];
  const names = [...new Set([...left.keys(), ...right.keys()])].toSorted();
  return names.flatMap((name) => {
    const [old, next] = [left.get(name), right.get(name)];
    if (old !== undefined && next !== undefined && old.sha256 === next.sha256) return [];
    return [
      {
        package: name,
        change: kindOf(old, next),
        old: old?.version ?? null,
        new: next?.version ?? null,
        security: next?.archive === undefined ? null : next.archive === 'security',
      },
    ];
  });
}

function kindOf(old: Listed | undefined, next: Listed | undefined): ChangeKind {
  if (old === undefined) return 'added';
  if (next === undefined) return 'removed';
  const order = compareVersions(old.version, next.version);
  if (order === 0) return 'replaced';
  return order < 0 ? 'upgraded' : 'downgraded';
}

function byName(packages: readonly Listed[]): Map<string, Listed> {
  return new Map(packages.map((entry) => [entry.name, entry]));
}
