import { join } from 'node:path';
import { readMirror } from '../../packages/debian-image/src/debian/mirror/read.ts';
import { releaseOf } from '../../packages/debian-image/src/debian/releases.ts';
import { readImage } from '../../packages/debian-image/src/image/index.ts';
import { plannedPackages } from '../../packages/debian-image/src/stages/install/plan.ts';
import { type BenchWorkspace, imageName } from './workspace.ts';

/** What other programs are asked to make so that they can be compared. */
export interface Recipe {
  readonly release: string;
  /** The same names that install asks for. */
  readonly packages: readonly string[];
  /** The mirror that install takes them from. */
  readonly mirror: string;
  /** The suite of security updates and its mirror, from which install takes a newer kernel. */
  readonly security: string;
}

export async function readRecipe({ root }: BenchWorkspace): Promise<Recipe> {
  const image = await readImage(join(root, 'images', imageName));
  const release = releaseOf(image.release);
  const { main, security } = await readMirror(release, image.install.mirror, process.env);
  return {
    release: release.name,
    packages: plannedPackages(image, release),
    mirror: main,
    security: `deb ${security} ${release.securitySuite} main`,
  };
}
