import { type Digest, digestOf, isDigest } from '@nx-debian-image/artifact-store';
import { bytesOf, patiently } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { Client } from './client.ts';

/** A manifest as the registry has it: exactly these bytes. */
export interface StoredManifest {
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly mediaType: string;
}

// What registries are asked to take at least (OCI distribution 1.1).
const longestManifest = 4 * 1024 * 1024;
const tagPattern = /^\w[\w.-]{0,127}$/;
const accepted = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** A manifest by tag or digest; undefined where there is none. Failure `bad-digest` where it is not the one that was asked for. */
export async function getManifest(client: Client, name: string, reference: string): Promise<StoredManifest | undefined> {
  const doing = `reading ${reference} of ${name}`;
  const url = urlOf(client, reference, doing);
  return patiently(client.transport, async () => {
    const request = { method: 'GET' as const, url, headers: { accept: accepted }, doing };
    const answer = await client.ask(request, 'pull');
    if (answer.status === 404) {
      await client.words(answer, request);
      return undefined;
    }
    if (answer.status !== 200) throw await client.unwanted(answer, request);
    const bytes = await bytesOf(answer, request, client.transport, longestManifest);
    const digest = digestOf(bytes);
    if (isDigest(reference)) compare(doing, digest, reference);
    compare(doing, digest, answer.headers['docker-content-digest']);
    return { bytes, digest, mediaType: (answer.headers['content-type'] ?? '').replace(/;.*/, '').trim() };
  });
}

/** Stores a manifest under a tag or its digest, and gives its digest. */
export async function putManifest(client: Client, name: string, reference: string, bytes: Uint8Array, mediaType: string): Promise<Digest> {
  const doing = `writing ${reference} of ${name}`;
  const url = urlOf(client, reference, doing);
  const digest = digestOf(bytes);
  if (isDigest(reference)) compare(doing, digest, reference);
  return patiently(client.transport, async () => {
    const request = { method: 'PUT' as const, url, headers: { 'content-type': mediaType }, body: bytes, doing };
    const answer = await client.ask(request, 'pull,push');
    if (answer.status !== 201) throw missingBlob(await client.unwanted(answer, request));
    await client.words(answer, request);
    compare(doing, digest, answer.headers['docker-content-digest']);
    return digest;
  });
}

function urlOf(client: Client, reference: string, doing: string): URL {
  if (!isDigest(reference) && !tagPattern.test(reference)) {
    throw new Failure('invalid', `${doing}: ${JSON.stringify(reference)} is neither a tag nor a digest`, {
      hint: 'A tag has up to 128 letters, figures, "_", "." and "-"; a digest is sha256: and 64 figures of a-f and 0-9.',
    });
  }
  return new URL(`manifests/${reference}`, client.base);
}

function compare(doing: string, digest: Digest, wanted: string | string[] | undefined): void {
  // A registry may name the digest by another algorithm.
  if (!isDigest(wanted) || wanted === digest) return;
  throw new Failure('bad-digest', `${doing}: the manifest is ${digest} and not ${wanted}`);
}

/** Registries say in several ways that they miss a blob of a manifest. */
function missingBlob(failure: Failure): Failure {
  if (!/MANIFEST_BLOB_UNKNOWN|BLOB_UNKNOWN/.test(failure.said ?? '')) return failure;
  const { message, where, said } = failure;
  const details = { ...(where === undefined ? {} : { where }), ...(said === undefined ? {} : { said }) };
  return new Failure('not-found', message, { ...details, hint: 'A blob that it names is not there; push it first.' });
}
