import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import type { Blob } from '../blob/blob.ts';
import { openRepository, type Repository, type RepositoryOptions } from '../repository.ts';

/** A repository of a registry in tests, for a machine without any credentials where nothing else is said. */
export function opened(host: string, more: Partial<RepositoryOptions> = {}): Repository {
  return openRepository(`${host}/team/images`, { environment: {}, signal: new AbortController().signal, progress: silent, ...more });
}

/** Bytes as a file and the blob that they are. */
export async function blobFile(folder: string, name: string, bytes: Uint8Array): Promise<{ blob: Blob; file: string }> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return { blob: { digest: digestOf(bytes), size: bytes.length }, file };
}

/** Writes a file of credentials as `docker login` does, and gives the environment that names it. */
export async function loggedIn(folder: string, host: string, account: object): Promise<NodeJS.ProcessEnv> {
  const file = join(folder, 'auth.json');
  await writeFile(file, JSON.stringify({ auths: { [host]: account } }));
  return { REGISTRY_AUTH_FILE: file };
}

/** The entry of a name and a password. */
export function accountOf({ name, password }: { readonly name: string; readonly password: string }): object {
  return { auth: Buffer.from(`${name}:${password}`).toString('base64') };
}
