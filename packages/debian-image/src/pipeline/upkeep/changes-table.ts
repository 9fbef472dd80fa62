import { formatTable } from '@nx-debian-image/report';
import type { PackageChange } from '../../debian/lock/changes.ts';

/** Changes of packages as a table for people: package, what happens to it, versions, and `security` where it comes from there. */
export function changesTable(changes: readonly PackageChange[]): string {
  return formatTable(
    changes.map((change) => {
      const versions = [change.old, change.new].filter((version) => version !== null);
      return [change.package, change.change, [...new Set(versions)].join(' -> '), change.security === true ? 'security' : ''];
    }),
  );
}

/** `3 packages (1 from the security suite)`. */
export function changesInWords(changes: readonly PackageChange[]): string {
  const security = changes.filter((change) => change.security === true).length;
  const all = changes.length === 1 ? '1 package' : `${changes.length} packages`;
  return security === 0 ? all : `${all} (${security} from the security suite)`;
}
