import type { ImageRecord } from '../image/index.ts';
import type { Part, PartName } from './product.ts';

/** Properties by which we know our own images again; one without the first is never touched. */
export const marks = {
  product: 'nx_debian_image_product',
  part: 'nx_debian_image_part',
  version: 'nx_debian_image_version',
  /** The digest that the bytes shall have: tells what a broken-off upload was to become. */
  sha512: 'nx_debian_image_sha512',
  /** Names of the properties that were set from the product, so that those no longer wanted can go. */
  properties: 'nx_debian_image_properties',
  /** Id of the version that was current before this one. */
  previous: 'nx_debian_image_previous',
} as const;

export function partOf(image: ImageRecord): PartName | undefined {
  const part = image.properties[marks.part];
  return part === 'kernel' || part === 'ramdisk' || part === 'root' ? part : undefined;
}

/** Marked as ours, and of our own project. */
export function isOwn(image: ImageRecord, projectId: string | undefined): boolean {
  const marked = image.properties[marks.product] !== undefined && partOf(image) !== undefined;
  return marked && (projectId === undefined || image.owner === projectId);
}

/** Whether the cloud has exactly these bytes, by the server's own digest. */
export function hasBytes(image: ImageRecord, part: Part): boolean {
  if (image.status !== 'active' || image.size !== part.size) return false;
  return image.hash?.algorithm === 'sha512' ? image.hash.value === part.sha512 : image.md5 === part.md5;
}

/** The properties that name a kernel and a ramdisk in a root's image (Nova reads them). */
export const linkNames = { kernel: 'kernel_id', ramdisk: 'ramdisk_id' } as const;

/** The name of a version that is not, or not yet, the current one. */
export function versionName(product: string, version: string): string {
  return `${product}-${version}`;
}
