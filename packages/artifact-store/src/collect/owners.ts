import type { Digest } from '../manifest.ts';
import { bytesOf, type StoreContent, type StoredBlob } from './scan.ts';

/** Something that needs blobs, such as an image with what its stages have left. */
export interface BlobOwner {
  readonly name: string;
  /** What it needs and others may need too. */
  readonly blobs: ReadonlySet<Digest>;
  /** Blobs that it is made of and that are counted for all together: packages. */
  readonly sources: ReadonlySet<Digest>;
}

/** What an owner has in the store; bytes on disk. */
export interface OwnerUsage {
  readonly name: string;
  /** Of blobs that no other needs. */
  readonly own: number;
  /** Of blobs that others need too. */
  readonly shared: number;
}

/** Where the bytes of a store are. Everything is counted once, but for `shared`. */
export interface StoreUsage {
  readonly owners: readonly OwnerUsage[];
  /** Blobs of several owners, once. */
  readonly shared: number;
  readonly packages: number;
  /** What was made out of another blob, by kind, where no owner needs it. */
  readonly memo: Readonly<Record<string, number>>;
  /** What is beside the blobs: lists of packages, tools. */
  readonly folders: Readonly<Record<string, number>>;
  /** Blobs of which these owners know nothing: of other checkouts, or of none any more. */
  readonly others: number;
  /** Of all blobs, the bytes that a catalog has under a name of its own: they stay when the blob goes. */
  readonly linked: number;
  readonly total: number;
}

/** Says of every byte of a store whose it is. */
export function usageOf(content: StoreContent, owners: readonly BlobOwner[]): StoreUsage {
  const kinds = new Map(content.memos.map(({ digest, kind }) => [digest, kind]));
  const sources = new Set([...owners.flatMap((owner) => [...owner.sources]), ...content.memos.map(({ key }) => `sha256:${key}` as Digest)]);
  const usage = { own: new Map<string, number>(), shared: new Map<string, number>(), memo: {}, folders: {} };
  let [shared, packages, others, linked] = [0, 0, 0, 0];
  for (const blob of content.blobs) {
    const needing = owners.filter(({ blobs }) => blobs.has(blob.digest));
    const kind = kinds.get(blob.digest);
    if (blob.linked) linked += blob.bytes;
    if (needing.length === 1) add(usage.own, needing[0]!.name, blob);
    else if (needing.length > 1) {
      shared += blob.bytes;
      for (const { name } of needing) add(usage.shared, name, blob);
    } else if (sources.has(blob.digest)) packages += blob.bytes;
    else if (kind === undefined) others += blob.bytes;
    else increase(usage.memo, kind, blob.bytes);
  }
  for (const { name, bytes } of content.folders) increase(usage.folders, name.split('/', 1)[0]!, bytes);
  return {
    owners: owners.map(({ name }) => ({ name, own: usage.own.get(name) ?? 0, shared: usage.shared.get(name) ?? 0 })),
    shared,
    packages,
    memo: usage.memo,
    folders: usage.folders,
    others,
    linked,
    total: bytesOf(content) + linked,
  };
}

function add(sums: Map<string, number>, name: string, { bytes }: StoredBlob): void {
  sums.set(name, (sums.get(name) ?? 0) + bytes);
}

function increase(sums: Record<string, number>, name: string, bytes: number): void {
  sums[name] = (sums[name] ?? 0) + bytes;
}
