import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { architectures, releaseNames } from '@nx-debian-image/debian-image/names';
import { Failure, suggest } from '@nx-debian-image/report';
import { checkName, writeNew } from './files.ts';
import init, { imagesFolder } from './init.ts';
import { type Cell, nameOf, planMatrix, valuesOf } from './matrix.ts';
import { copyShippedProfile, shippedProfiles } from './shipped.ts';

export interface ImageOptions {
  readonly name?: string;
  readonly release?: string | readonly string[];
  readonly arch?: string | readonly string[];
  readonly variant?: string | readonly string[];
  readonly directory?: string;
  readonly description?: string;
}

/**
 * Begins images, which their user goes on to edit: one for each release and architecture, and with variants one for each of these that
 * starts from it and uses the profile of that name. Image and profile are made along where they are missing. Fails as `invalid` on a bad
 * or taken name, and as `not-found` for a release, an architecture or a profile that there is not.
 */
export default async function image(tree: Tree, options: ImageOptions): Promise<void> {
  const { name, directory = imagesFolder, description } = options;
  const releases = known('release', valuesOf(options.release ?? 'trixie'), releaseNames);
  const archs = known('architecture', valuesOf(options.arch ?? 'amd64'), architectures);
  const cells = planMatrix({ name, releases, architectures: archs, variants: valuesOf(options.variant) });
  for (const cell of cells) checkName('image', cell.name);
  refuseTaken(tree, directory, cells);
  await init(tree);
  for (const cell of cells) {
    if (cell.variant !== undefined) completeVariant(tree, directory, cell);
    writeNew(tree, 'image', posix.join(directory, cell.name), { ...(description === undefined ? {} : { description }), ...sourceOf(cell) });
  }
}

function sourceOf({ release, arch, variant }: Cell): Record<string, unknown> {
  if (variant === undefined) return { release, arch, packages: ['openssh-server'] };
  return { from: nameOf(release, arch), profiles: [variant] };
}

/** What a variant needs beside itself: its profile and the image that it starts from. */
function completeVariant(tree: Tree, directory: string, { release, arch, variant }: Cell): void {
  const profile = posix.join(directory, 'profiles', variant!);
  if (!tree.exists(posix.join(profile, 'profile.json'))) {
    known('profile', [variant!], shippedProfiles(), `Make it first: nx g nx-debian-image:profile ${variant}`);
    copyShippedProfile(tree, variant!, profile);
  }
  const base = nameOf(release, arch);
  if (tree.exists(posix.join(directory, base, 'image.json'))) return;
  writeNew(tree, 'image', posix.join(directory, base), sourceOf({ name: base, release, arch, variant: undefined }));
}

/** Nothing is made where one of several cannot be. */
function refuseTaken(tree: Tree, directory: string, cells: readonly Cell[]): void {
  const taken = cells.map(({ name }) => posix.join(directory, name)).filter((folder) => tree.exists(posix.join(folder, 'image.json')));
  if (taken.length > 0) throw new Failure('invalid', `there is an image in ${taken.join(', ')} already`, { where: taken[0]! });
}

function known(what: string, values: readonly string[], all: readonly string[], hint?: string): string[] {
  for (const value of values) {
    if (all.includes(value)) continue;
    const near = suggest(value, all) ?? `known: ${all.join(', ')}`;
    throw new Failure('not-found', `there is no ${what} "${value}"; ${near}`, hint === undefined ? {} : { hint });
  }
  return [...values];
}
