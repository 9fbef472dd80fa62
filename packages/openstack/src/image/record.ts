import { z } from 'zod';

/** Where an image stands (Image API v2). Bytes can only be sent to a `queued` one; only an `active` one boots. */
type Status = 'queued' | 'saving' | 'uploading' | 'importing' | 'active' | 'killed' | 'deleted' | 'pending_delete' | 'deactivated';
export type Visibility = 'private' | 'shared' | 'community' | 'public';

const wireSchema = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    status: z.string(),
    visibility: z.string().default('private'),
    protected: z.boolean().default(false),
    os_hidden: z.boolean().default(false),
    owner: z.string().nullish(),
    size: z.number().nullish(),
    checksum: z.string().nullish(),
    os_hash_algo: z.string().nullish(),
    os_hash_value: z.string().nullish(),
    disk_format: z.string().nullish(),
    container_format: z.string().nullish(),
    min_disk: z.number().default(0),
    min_ram: z.number().default(0),
    tags: z.array(z.string()).default([]),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .catchall(z.unknown());

export const pageSchema = z.looseObject({ images: z.array(wireSchema), next: z.string().optional() });
export const imageSchema = wireSchema;

/** One image of Glance's. Sizes in bytes, minDisk in GiB, minRam in MiB, times as ISO 8601. */
export interface ImageRecord {
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  readonly visibility: Visibility;
  readonly protected: boolean;
  readonly hidden: boolean;
  readonly owner: string | undefined;
  readonly size: number | undefined;
  readonly md5: string | undefined;
  /** The digest that the server made, such as sha512; absent in a Glance before Rocky. */
  readonly hash: { readonly algorithm: string; readonly value: string } | undefined;
  readonly diskFormat: string | undefined;
  readonly containerFormat: string | undefined;
  readonly minDisk: number;
  readonly minRam: number;
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Everything else that is text: kernel_id, os_distro, our own marks … */
  readonly properties: Readonly<Record<string, string>>;
}

export function recordOf(wire: z.infer<typeof wireSchema>): ImageRecord {
  const known = new Set(Object.keys(wireSchema.shape));
  const others = Object.entries(wire).filter((entry): entry is [string, string] => !known.has(entry[0]) && typeof entry[1] === 'string');
  return {
    id: wire.id,
    name: wire.name ?? '',
    status: wire.status as Status,
    visibility: wire.visibility as Visibility,
    protected: wire.protected,
    hidden: wire.os_hidden,
    owner: wire.owner ?? undefined,
    size: wire.size ?? undefined,
    md5: wire.checksum ?? undefined,
    hash: wire.os_hash_algo && wire.os_hash_value ? { algorithm: wire.os_hash_algo, value: wire.os_hash_value } : undefined,
    diskFormat: wire.disk_format ?? undefined,
    containerFormat: wire.container_format ?? undefined,
    minDisk: wire.min_disk,
    minRam: wire.min_ram,
    tags: wire.tags,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
    properties: Object.fromEntries(others),
  };
}
