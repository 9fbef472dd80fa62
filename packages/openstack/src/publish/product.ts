import { Failure } from '@nx-debian-image/report';
import type { Visibility } from '../image/index.ts';

export type PartName = 'kernel' | 'ramdisk' | 'root';

/** One file of an image. Its bytes are asked for only when the cloud does not have them. */
export interface Part {
  /** What a person calls it, such as `vmlinuz-6.1.0-28-cloud-amd64`; the name of a kernel's or ramdisk's image. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal digests of the whole file. */
  readonly md5: string;
  readonly sha512: string;
  /** Makes or fetches the file and gives its path. */
  path(): Promise<string>;
}

/** An image to be published: one version of a product. */
export interface Product {
  /** The name that users know the image by; also marks all of its versions. */
  readonly name: string;
  /** Tells its versions apart; a version that is no longer current is called `NAME-VERSION`. */
  readonly version: string;
  readonly kernel?: Part;
  readonly ramdisk?: Part;
  readonly root: Part;
  /** `ami` together with aki and ari, or `raw` for a cloud whose Nova refuses ami; without a kernel the format of a disk that boots by itself. */
  readonly rootFormat: 'ami' | 'raw' | 'qcow2' | 'vmdk' | 'vhd' | 'vdi';
  readonly common: {
    /** Kernel and ramdisk become at least as visible and protected; tags and the rest are the root's. */
    readonly visibility: Visibility;
    readonly protected: boolean;
    readonly tags: readonly string[];
    /** GiB. */
    readonly minDisk: number;
    /** MiB. */
    readonly minRam: number;
    readonly properties: Readonly<Record<string, string>>;
  };
  /** How many versions stay in the cloud, the current one counted. */
  readonly keep: number;
}

/** The parts that a product has, in the order in which they go up. */
export function partsOf(product: Product): (readonly [PartName, Part])[] {
  const parts = [
    ['kernel', product.kernel],
    ['ramdisk', product.ramdisk],
    ['root', product.root],
  ] as const;
  return parts.flatMap(([name, part]) => (part ? [[name, part] as const] : []));
}

/** Failure `invalid` for what no cloud would take or nobody can mean. */
export function checkProduct(product: Product): void {
  const where = `upload.glance of ${product.name}`;
  if (!Number.isInteger(product.keep) || product.keep < 1)
    throw new Failure('invalid', `keep must be 1 or more, not ${product.keep}`, { where });
  if (product.ramdisk && !product.kernel) throw new Failure('invalid', 'a ramdisk without a kernel never boots', { where });
  for (const [name, part] of partsOf(product)) {
    if (part.size === 0) throw new Failure('invalid', `the ${name} is empty`, { where });
  }
  // Glance refuses names of more than 255 characters.
  const longest = `${product.name}-${product.version}`;
  if (longest.length > 255) throw new Failure('invalid', `the name of a version is longer than 255 characters: ${longest}`, { where });
}
