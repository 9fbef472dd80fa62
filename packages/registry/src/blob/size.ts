import { type Digest, hexOf } from '@nx-debian-image/artifact-store';
import { patiently } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { Client } from '../client.ts';
import { shortDigest } from './blob.ts';

export function urlOfBlob(client: Client, digest: Digest): URL {
  return new URL(`blobs/sha256:${hexOf(digest)}`, client.base);
}

/** The size of a blob in bytes; undefined where it is not there. */
export async function sizeOfBlob(client: Client, name: string, digest: Digest): Promise<number | undefined> {
  return patiently(client.transport, () => lookForBlob(client, name, digest));
}

/** The same in one attempt. */
export async function lookForBlob(client: Client, name: string, digest: Digest): Promise<number | undefined> {
  const doing = `looking for ${shortDigest(digest)} in ${name}`;
  const request = { method: 'HEAD' as const, url: urlOfBlob(client, digest), doing };
  const answer = await client.ask(request, 'pull');
  if (answer.status !== 200 && answer.status !== 404) throw await client.unwanted(answer, request);
  await client.words(answer, request);
  if (answer.status === 404) return undefined;
  const size = Number(answer.headers['content-length']);
  if (Number.isSafeInteger(size)) return size;
  throw new Failure('server-error', `${doing}: the registry does not tell its size`);
}
