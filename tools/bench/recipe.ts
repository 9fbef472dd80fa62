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
}

export async function readRecipe({ root }: BenchWorkspace): Promise<Recipe> {
  const image = await readImage(join(root, 'images', imageName));
  const release = releaseOf(image.release);
  const { main } = await readMirror(release, image.install.mirror, process.env);
  return { release: release.name, packages: plannedPackages(image, release), mirror: main };
}
