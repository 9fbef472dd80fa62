import { fileName } from './product.ts';
import type { Version } from './versions.ts';

/** Where the products of a catalog are listed, relative to it; clients begin at `streams/v1/index.json`. */
export const productsPath = 'streams/v1/images.json';

const contentId = 'images';

/**
 * A catalog as simplestreams knows it: an index of one list of products (`index:1.0`, `products:1.0`, datatype `image-downloads`).
 * Takes the versions that people see. There are no times in it: equal versions give equal files.
 */
export function simplestreams(versions: readonly Version[]): { index: unknown; products: unknown } {
  const names = [...new Set(versions.map(productName))];
  const products = names.map((name) => [name, productOf(versions.filter((version) => productName(version) === name))]);
  return {
    index: {
      format: 'index:1.0',
      index: { [contentId]: { datatype: 'image-downloads', format: 'products:1.0', path: productsPath, products: names } },
    },
    products: {
      content_id: contentId,
      datatype: 'image-downloads',
      format: 'products:1.0',
      products: Object.fromEntries(products) as unknown,
    },
  };
}

/** Unique in a catalog, and the same for all versions of an image. */
function productName({ product: { os, release, architecture, image } }: Version): string {
  return [os.toLowerCase(), release.codename, architecture, image].join(':');
}

function productOf(versions: readonly Version[]): unknown {
  const { image, release, architecture, description, os } = versions.at(-1)!.product;
  return {
    aliases: image,
    arch: architecture,
    os,
    release: release.codename,
    release_codename: release.codename,
    release_title: release.version,
    version: release.version,
    variant: image,
    ...(description === undefined ? {} : { description }),
    versions: Object.fromEntries(versions.map((version) => [version.version, versionOf(version)])),
  };
}

function versionOf({ product: { image }, version, items }: Version): unknown {
  const entries = items.map((item) => {
    const path = `${image}/${version}/${fileName(image, version, item)}`;
    const { ftype, size, sha256, sha512, md5 } = item;
    return [item.name, { ...item.fields, ftype, path, size, sha256, sha512, md5 }];
  });
  return { pubname: `${image}-${version}`, items: Object.fromEntries(entries) as unknown };
}
