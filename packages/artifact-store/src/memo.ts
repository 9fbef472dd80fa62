import { mkdir, readlink, rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Hashed } from './digest.ts';
import { unlessMissing } from './file-errors.ts';
import { type Descriptor, type Digest, octetStream } from './manifest.ts';
import type { Store } from './store.ts';

/**
 * Blobs by what they were made from, so that the same is not made twice: `<store>/memo/<kind>/<key>` is a link that names digest and size. A
 * key must stand for everything that decides the bytes. A blob that is cut short is none; where no size is noted its digest is looked at.
 */
export async function recall(store: Store, kind: string, key: string, mediaType = octetStream): Promise<Descriptor | undefined> {
  const name = await unlessMissing(readlink(join(store.folder, 'memo', kind, key)));
  const [, algorithm, hex, size] = /^(\w+)-([0-9a-f]+)(?:-(\d+))?$/.exec(name ?? '') ?? [];
  if (algorithm === undefined) return undefined;
  const digest = `${algorithm}:${hex}` as Digest;
  const noted = size === undefined ? undefined : { mediaType, digest, size: Number(size) };
  if (noted !== undefined && (await store.missing([noted])).length === 0) return noted;
  // Noted before sizes were; or cut short, which puts it aside.
  if (!(await store.verify(digest))) return undefined;
  const descriptor = { mediaType, digest, size: await store.sizeOf(digest) };
  await remember(store, kind, key, descriptor);
  return descriptor;
}

/** Notes the blob that was made from what `key` stands for. */
export async function remember(store: Store, kind: string, key: string, blob: Hashed): Promise<void> {
  await note(store, join(store.folder, 'memo', kind, key), blob);
}

/** Notes digest and size of a blob in a file of the store, as a link that names them (`sha256-HEX-SIZE`); what is noted there is replaced at once. */
export async function note(store: Store, path: string, { digest, size }: Hashed): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const scratch = await store.scratch();
  try {
    const link = join(scratch.folder, 'link');
    await symlink(`${digest.replace(':', '-')}-${size}`, link);
    await rename(link, path);
  } finally {
    await scratch.dispose();
  }
}
