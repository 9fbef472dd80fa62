import { type LockedPackage, field, installedParagraphs } from '../../debian/archive/package.ts';
import { releaseOf } from '../../debian/releases.ts';
import type { Image } from '../../image/index.ts';
import { plannedPackages } from './plan.ts';

/** The names of the packages that dpkg's status file has as installed. */
export function installedNames(status: string): Set<string> {
  return new Set(installedParagraphs(status).map((paragraph) => field(paragraph, 'Package') ?? ''));
}

/** What an image asks for beside the one that it starts from, without what is there already: that stays at its version. */
export function wantedBeside(image: Image, parent: Image, installed: ReadonlySet<string>): string[] {
  const before = new Set(plannedPackages(parent, releaseOf(parent.release)));
  return plannedPackages(image, releaseOf(image.release)).filter((name) => !before.has(name) && !installed.has(name));
}

/** The packages of a tree after others came in: newer ones take the place of older ones, and what had to go is gone. */
export function packagesAfter(
  before: readonly LockedPackage[],
  added: readonly LockedPackage[],
  installed: ReadonlySet<string>,
): LockedPackage[] {
  const replaced = new Set(added.map(({ name, architecture }) => `${name}:${architecture}`));
  const kept = before.filter(({ name, architecture }) => installed.has(name) && !replaced.has(`${name}:${architecture}`));
  return [...kept, ...added].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
