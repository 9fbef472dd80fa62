import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOf, type Hashed, hexOf, note, type Store } from '@nx-debian-image/artifact-store';

/**
 * As what a blob lies in a repository, as far as this machine has noticed: `<store>/packed/<repository>/<blob>` is a link that names digest and
 * size of its packed bytes. Where that is wrong by now, the registry says so.
 */
export async function recallPacked(store: Store, repository: string, raw: Digest): Promise<Hashed | undefined> {
  const noted = await readlink(pathOf(store, repository, raw)).catch(() => '');
  const [, hex, size] = /^sha256-([0-9a-f]{64})-(\d+)$/.exec(noted) ?? [];
  return hex === undefined ? undefined : { digest: `sha256:${hex}`, size: Number(size) };
}

/** Notes as what a blob lies in a repository. */
export async function rememberPacked(store: Store, repository: string, raw: Digest, packed: Hashed): Promise<void> {
  await note(store, pathOf(store, repository, raw), packed);
}

function pathOf(store: Store, repository: string, raw: Digest): string {
  return join(store.folder, 'packed', hexOf(digestOf(repository)).slice(0, 16), hexOf(raw));
}
