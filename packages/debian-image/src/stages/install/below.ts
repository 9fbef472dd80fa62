import { canonicalJson, type Descriptor, digestOf, type Store } from '@nx-debian-image/artifact-store';
import type { LockedPackage } from '../../debian/archive/package.ts';
import type { Image } from '../../image/index.ts';
import { readTreeFile } from '../../rootfs/tree-file.ts';
import { installedNames, wantedBeside } from './beside.ts';
import type { ChooseOptions } from './choose.ts';

/** The configured tree that an image starts from. */
export interface Below {
  readonly image: Image;
  readonly layers: readonly Descriptor[];
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly packages: readonly LockedPackage[];
  readonly tools: readonly LockedPackage[];
}

const status = 'var/lib/dpkg/status';

/** What an image asks for beside that tree: for apt, which takes what the tree has as installed. */
export async function besideOf(
  below: Below,
  { image, store }: Pick<ChooseOptions, 'image' | 'store'>,
): Promise<NonNullable<ChooseOptions['beside']>> {
  const installed = await statusOf(below.layers, store);
  return { installed, wanted: wantedBeside(image, below.image, installedNames(installed)) };
}

/** dpkg's status file of a tree. */
export async function statusOf(layers: readonly Descriptor[], store: Store): Promise<string> {
  const text = (await readTreeFile(layers, status, store))?.toString('utf8');
  if (text === undefined) throw new Error(`the tree has no /${status}`);
  return text;
}

/** A tree's packages as the lock of an image upon it notes them: other ones give another digest. */
export function digestOfPackages(packages: readonly LockedPackage[]): string {
  return digestOf(canonicalJson(packages.map(({ name, version, architecture, sha256 }) => ({ name, version, architecture, sha256 }))));
}
