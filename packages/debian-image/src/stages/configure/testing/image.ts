import { releaseOf } from '../../../debian/releases.ts';
import { type Image, imageSchema, type ImageSource, type ReleaseName, resolveImage } from '../../../image/index.ts';
import type { ConfigureFacts } from '../facts.ts';

/** An image as if image.json said this. */
export function imageOf(source: ImageSource): Image {
  return resolveImage(imageSchema.parse(source), '/images/example', 'example');
}

export function factsOf(release: ReleaseName, ramdisk: ConfigureFacts['ramdisk'] = releaseOf(release).ramdisk): ConfigureFacts {
  return { release: releaseOf(release), ramdisk };
}
