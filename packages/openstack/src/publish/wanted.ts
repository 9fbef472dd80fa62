import type { ImageChanges, ImageDraft, ImageRecord, Visibility } from '../image/index.ts';
import { linkNames, marks, versionName } from './marks.ts';
import type { Part, Product } from './product.ts';

/** Ids of the kernel's and the ramdisk's images, or stand-ins for those that are yet to be made. */
export interface Links {
  readonly kernel?: string;
  readonly ramdisk?: string;
}

/** A kernel or ramdisk before its bytes: hidden, for nobody starts it by itself. Both formats are their own (aki, ari). */
export function draftOfSide(product: Product, name: 'kernel' | 'ramdisk', part: Part): ImageDraft {
  const format = name === 'kernel' ? 'aki' : 'ari';
  return {
    name: part.name,
    hidden: true,
    visibility: product.common.visibility,
    protected: false,
    diskFormat: format,
    containerFormat: format,
    minDisk: 0,
    minRam: 0,
    tags: [],
    properties: {
      [marks.product]: product.name,
      [marks.part]: name,
      [marks.version]: product.version,
      [marks.sha512]: part.sha512,
    },
  };
}

/** The root before its bytes: hidden under its version's name. Visibility is asked for now, so that a refusal comes before the upload. */
export function draftOfRoot(product: Product, links: Links, previous: string | undefined): ImageDraft {
  const { visibility, tags, minDisk, minRam } = product.common;
  return {
    name: versionName(product.name, product.version),
    hidden: true,
    visibility,
    protected: false,
    diskFormat: product.rootFormat,
    containerFormat: product.rootFormat === 'ami' ? 'ami' : 'bare',
    minDisk,
    minRam,
    tags,
    properties: {
      ...rootProperties(product, links),
      [marks.version]: product.version,
      ...(previous === undefined ? {} : { [marks.previous]: previous }),
    },
  };
}

/** What the current version says of itself, once it is complete; properties that an earlier run set and nobody wants any more go. */
export function changesToShow(product: Product, links: Links, root: ImageRecord | undefined, previous: string | undefined): ImageChanges {
  const { visibility, tags, minDisk, minRam } = product.common;
  const wanted = rootProperties(product, links);
  const before = root?.properties[marks.properties]?.split(',').filter(Boolean) ?? [];
  const unlinked = Object.values(linkNames).filter((name) => root?.properties[name] !== undefined);
  const unwanted = [...before, ...unlinked].filter((name) => wanted[name] === undefined);
  return {
    name: product.name,
    hidden: false,
    visibility,
    protected: product.common.protected,
    minDisk,
    minRam,
    tags,
    properties: {
      ...wanted,
      ...Object.fromEntries(unwanted.map((name) => [name, null])),
      ...(previous === undefined ? {} : { [marks.previous]: previous }),
    },
  };
}

function rootProperties(product: Product, links: Links): Record<string, string> {
  const { properties } = product.common;
  return {
    ...properties,
    ...(links.kernel === undefined ? {} : { [linkNames.kernel]: links.kernel }),
    ...(links.ramdisk === undefined ? {} : { [linkNames.ramdisk]: links.ramdisk }),
    [marks.product]: product.name,
    [marks.part]: 'root',
    [marks.sha512]: product.root.sha512,
    [marks.properties]: Object.keys(properties).toSorted().join(','),
  };
}

const reach: readonly Visibility[] = ['private', 'shared', 'community', 'public'];

/** A kernel serves several products: it becomes as visible and protected as the one that is, and never less. */
export function changesToSide(product: Product, image: ImageRecord | undefined): ImageChanges {
  const { visibility } = product.common;
  const raise = image === undefined || reach.indexOf(visibility) > reach.indexOf(image.visibility);
  return { ...(raise ? { visibility } : {}), ...(product.common.protected ? { protected: true } : {}) };
}
