import { renderImageApt, suitesOf, type TextFile } from '../../debian/archive/sources.ts';
import { securityBeside } from '../../debian/mirror/choose.ts';
import { readMirror, readPublicMirror } from '../../debian/mirror/read.ts';
import { releaseOf } from '../../debian/releases.ts';
import type { Image } from '../../image/index.ts';

/** What the image's own apt is told: of the mirror of image.json, else of the public one, never of one of this machine alone. */
export async function imageAptFiles(image: Image): Promise<TextFile[]> {
  const release = releaseOf(image.release);
  const { mirror, components, pockets } = image.install;
  const main = mirror ?? (await readPublicMirror(release)) ?? (await readMirror(release, undefined, {})).main;
  return renderImageApt(release, suitesOf(release, { main, security: securityBeside(main) }, components, pockets));
}
