import { mkdir, readlink, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from './file-errors.ts';
import { type Descriptor, type Digest, octetStream } from './manifest.ts';
import type { Store } from './store.ts';

/**
 * Blobs by what they were made from, so that the same is not made twice: `<store>/memo/<kind>/<key>` is a link that names the digest. A key
 * must stand for everything that decides the bytes.
 */
export async function recall(store: Store, kind: string, key: string, mediaType = octetStream): Promise<Descriptor | undefined> {
  const name = await unlessMissing(readlink(join(store.folder, 'memo', kind, key)));
  if (name === undefined) return undefined;
  const digest = name.replace('-', ':') as Digest;
  const found = await unlessMissing(stat(store.blobPath(digest)));
  return found && { mediaType, digest, size: found.size };
}

/** Notes the blob that was made from what `key` stands for. */
export async function remember(store: Store, kind: string, key: string, { digest }: Descriptor): Promise<void> {
  const folder = join(store.folder, 'memo', kind);
  await mkdir(folder, { recursive: true });
  const scratch = await store.scratch();
  try {
    const link = join(scratch.folder, 'link');
    await symlink(digest.replace(':', '-'), link);
    await rename(link, join(folder, key));
  } finally {
    await scratch.dispose();
  }
}
