import { type Dirent } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isDigest } from '../digest.ts';
import { unlessMissing } from '../file-errors.ts';
import type { Digest } from '../manifest.ts';
import type { Store } from '../store.ts';

/** A blob as it lies on the disk. */
export interface StoredBlob {
  readonly digest: Digest;
  /** Bytes on disk, without holes. */
  readonly bytes: number;
  /** When it was last used, in milliseconds since 1970. */
  readonly usedMs: number;
  /** Whether the same bytes have another name, in a catalog or in a build that runs: removing it frees nothing. */
  readonly linked: boolean;
}

/** Something beside the blobs that can be had again, such as lists of packages; named by its path in the store. */
export interface StoredFolder {
  readonly name: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** A note of what was made of what. */
interface StoredMemo {
  readonly kind: string;
  readonly key: string;
  readonly digest: Digest;
}

/** All that a store holds but for the work of running builds. */
export interface StoreContent {
  readonly blobs: readonly StoredBlob[];
  readonly folders: readonly StoredFolder[];
  readonly memos: readonly StoredMemo[];
}

/** What stat(2) counts `st_blocks` in. */
const bytesOfBlock = 512;

/** Folders of folders, each of which can be had again by itself. */
const foldersBeside = ['apt', 'tools', 'corrupt'];

/** Looks at everything in a store: about 20 ms for a thousand blobs. */
export async function scanStore({ folder }: Pick<Store, 'folder'>): Promise<StoreContent> {
  const [blobs, folders, memos] = await Promise.all([scanBlobs(folder), scanFolders(folder), scanMemos(folder)]);
  return { blobs, folders, memos };
}

/** The bytes that a store alone keeps on the disk. */
export function bytesOf({ blobs, folders }: StoreContent): number {
  return [...blobs.filter(({ linked }) => !linked), ...folders].reduce((sum, { bytes }) => sum + bytes, 0);
}

async function scanBlobs(folder: string): Promise<StoredBlob[]> {
  const names = await list(join(folder, 'blobs/sha256'));
  const found = await Promise.all(
    names.map(async ({ name }) => {
      const digest = `sha256:${name}`;
      const stats = isDigest(digest) ? await unlessMissing(lstat(join(folder, 'blobs/sha256', name))) : undefined;
      if (stats === undefined) return [];
      const usedMs = Math.max(stats.atimeMs, stats.mtimeMs);
      return [{ digest: digest as Digest, bytes: stats.blocks * bytesOfBlock, usedMs, linked: stats.nlink > 1 }];
    }),
  );
  return found.flat();
}

async function scanFolders(folder: string): Promise<StoredFolder[]> {
  const found: StoredFolder[] = [];
  for (const group of foldersBeside) {
    for (const { name } of await list(join(folder, group)))
      found.push({ name: `${group}/${name}`, ...(await measure(join(folder, group, name))) });
  }
  return found;
}

async function measure(path: string): Promise<{ bytes: number; usedMs: number }> {
  const stats = await unlessMissing(lstat(path));
  if (stats === undefined) return { bytes: 0, usedMs: 0 };
  const entries = stats.isDirectory() ? await list(path) : [];
  const parts = await Promise.all(entries.map(({ name }) => measure(join(path, name))));
  return {
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, stats.blocks * bytesOfBlock),
    usedMs: Math.max(stats.mtimeMs, ...parts.map(({ usedMs }) => usedMs)),
  };
}

async function scanMemos(folder: string): Promise<StoredMemo[]> {
  const found: StoredMemo[] = [];
  for (const { name: kind } of await list(join(folder, 'memo'))) {
    for (const { name: key } of await list(join(folder, 'memo', kind))) {
      const target = await unlessMissing(readlink(join(folder, 'memo', kind, key)));
      const digest = target?.split('-', 2).join(':');
      if (isDigest(digest)) found.push({ kind, key, digest });
    }
  }
  return found;
}

async function list(folder: string): Promise<Dirent[]> {
  return (await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [];
}
