import type { ImageRecord, Visibility } from './record.ts';

/** What is said of an image beside its bytes. minDisk in GiB, minRam in MiB. */
export interface ImageDraft {
  readonly name: string;
  readonly hidden: boolean;
  readonly visibility: Visibility;
  readonly protected: boolean;
  readonly diskFormat: string;
  readonly containerFormat: string;
  readonly minDisk: number;
  readonly minRam: number;
  readonly tags: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

/** What is to change; a property that is `null` goes away. */
export type ImageChanges = Partial<Omit<ImageDraft, 'properties' | 'diskFormat' | 'containerFormat'>> & {
  readonly properties?: Readonly<Record<string, string | null>>;
};

/** One operation of Glance's JSON patch; `add` also replaces. */
export interface PatchOperation {
  readonly op: 'add' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

const wireNames = { hidden: 'os_hidden', minDisk: 'min_disk', minRam: 'min_ram' } as const;
const wireName = (key: string): string => wireNames[key as keyof typeof wireNames] ?? key;

/** The body of `POST /v2/images`. */
export function bodyOf({ properties, diskFormat, containerFormat, ...rest }: ImageDraft): Record<string, unknown> {
  const own = Object.entries(rest).map(([key, value]) => [wireName(key), value]);
  return { ...properties, ...Object.fromEntries(own), disk_format: diskFormat, container_format: containerFormat };
}

/** The body of `PATCH /v2/images/ID`. */
export function patchOf({ properties = {}, ...rest }: ImageChanges): PatchOperation[] {
  return [
    ...Object.entries(rest).map(([key, value]) => ({ op: 'add' as const, path: pointer(wireName(key)), value })),
    ...Object.entries(properties).map(([key, value]) =>
      value === null ? { op: 'remove' as const, path: pointer(key) } : { op: 'add' as const, path: pointer(key), value },
    ),
  ];
}

/** A JSON pointer (RFC 6901). */
const pointer = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** What of the changes an image does not have yet; empty where it has them all. Tags are a set. */
export function difference(image: ImageRecord, { properties = {}, ...wanted }: ImageChanges): ImageChanges {
  const same = (key: string, value: unknown): boolean => {
    const has = image[key as keyof ImageRecord];
    if (key === 'tags') return JSON.stringify(image.tags.toSorted()) === JSON.stringify([...new Set(value as string[])].toSorted());
    return has === value;
  };
  const changed = Object.entries(wanted).filter(([key, value]) => value !== undefined && !same(key, value));
  const others = Object.entries(properties).filter(([key, value]) => (image.properties[key] ?? null) !== value);
  return { ...Object.fromEntries(changed), ...(others.length > 0 ? { properties: Object.fromEntries(others) } : {}) };
}
