/** What an image is to those who look through a catalog. */
export interface Product {
  /** The image's name: its folder in the catalog. */
  readonly image: string;
  readonly release: { readonly codename: string; readonly version: string };
  /** As Debian writes it: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly description?: string;
  /** The operating system as people read it: `Debian`. */
  readonly os: string;
}

/** One file of a version; hashes in hexadecimal, size in bytes. */
export interface Item {
  /** What the file is, the end of its name: `vmlinuz`, `initrd`, `root.ext4`. */
  readonly name: string;
  /** Its type as simplestreams clients know it; the name says the same where no client knows it. */
  readonly ftype: string;
  readonly size: number;
  readonly sha256: string;
  readonly sha512: string;
  readonly md5: string;
  /** Further simplestreams fields of this item, such as `combined_disk-kvm-img_sha256`. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** An item to publish. */
export interface ItemSource extends Item {
  /** Brings the file and says where it is; asked only when it has to be linked or copied. */
  readonly blobPath: () => Promise<string>;
}

/** The name of an item's file: it says image and version wherever it is downloaded to. */
export function fileName(image: string, version: string, item: Pick<Item, 'name'>): string {
  return `${image}-${version}.${item.name}`;
}
