import type { Digest } from '@nx-debian-image/artifact-store';
import { type HttpAnswer, type HttpRequest, Interruption, placeOf } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { Client } from '../client.ts';
import { locationOf } from '../http/index.ts';

/** An upload that a registry has begun, as far as it says. */
export interface Upload {
  readonly url: URL;
  /** How many bytes it has. */
  readonly position: number;
  /** Bytes of a chunk. */
  readonly chunkBytes: number;
}

/** What is sent. */
export interface UploadFile {
  readonly path: string;
  readonly size: number;
  readonly doing: string;
  /** Hears how far it is. */
  readonly reached: (position: number) => void;
}

// Large enough for S3 behind a registry, which joins at most 10 000 parts; a break-off costs no more than this.
const usualChunkBytes = 16 * 1024 * 1024;
const octets = { 'content-type': 'application/octet-stream' };

export async function beginUpload(client: Client, doing: string): Promise<Upload> {
  const request: HttpRequest = { method: 'POST', url: new URL('blobs/uploads/', client.base), doing };
  const answer = await client.ask(request, 'pull,push');
  if (answer.status !== 202) throw await client.unwanted(answer, request);
  await client.words(answer, request);
  const least = Number(answer.headers['oci-chunk-min-length'] ?? 0);
  const chunkBytes = Number.isSafeInteger(least) ? Math.max(usualChunkBytes, least) : usualChunkBytes;
  return { url: placeIn(answer, request), position: 0, chunkBytes };
}

/** Asks how much of an upload the registry has; undefined where it has forgotten it. */
export async function resumeUpload(client: Client, upload: Upload, { size, doing }: UploadFile): Promise<Upload | undefined> {
  const request: HttpRequest = { method: 'GET', url: upload.url, doing };
  const answer = await client.ask(request, 'pull,push');
  await client.words(answer, request);
  const position = answer.status === 204 ? positionIn(answer) : undefined;
  if (position === undefined || position > size) return undefined;
  return { ...upload, url: answer.headers.location === undefined ? upload.url : placeIn(answer, request), position };
}

/** Sends the next chunk and gives how far the upload is then; undefined where the registry does not take it. */
export async function sendChunk(client: Client, upload: Upload, { path, size, doing }: UploadFile): Promise<Upload | undefined> {
  const { url, position, chunkBytes } = upload;
  const length = Math.min(chunkBytes, size - position);
  const headers = { ...octets, 'content-range': `${position}-${position + length - 1}` };
  const request: HttpRequest = { method: 'PATCH', url, headers, body: { path, start: position, size: length }, doing };
  const answer = await client.ask(request, 'pull,push');
  if (answer.status === 413) throw await client.unwanted(answer, request);
  await client.words(answer, request);
  if (answer.status !== 202 && answer.status !== 204) return undefined;
  const reached = positionIn(answer) ?? position + length;
  if (reached <= position || reached > position + length) {
    throw new Interruption(new Failure('server-error', `${doing}: the registry says that it has ${reached} bytes of ${position + length}`));
  }
  return { ...upload, url: placeIn(answer, request), position: reached };
}

/**
 * Sends what is missing and asks the registry to keep the whole; false where it has forgotten the upload. Failure `bad-digest` where the
 * bytes are not those of the digest.
 */
export async function finishUpload(client: Client, upload: Upload, file: UploadFile, digest: Digest): Promise<boolean> {
  const { path, size, doing, reached } = file;
  const url = new URL(upload.url);
  // What is there already stays as the registry has written it; searchParams would write it anew.
  url.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${digest}`;
  let sent = upload.position;
  const body = {
    path,
    start: upload.position,
    size: size - upload.position,
    onBytes: (count: number) => reached((sent += count)),
  };
  const request: HttpRequest = { method: 'PUT', url, headers: octets, body, doing };
  const answer = await client.ask(request, 'pull,push');
  if (answer.status === 404 || answer.status === 416) {
    await client.words(answer, request);
    return false;
  }
  if (answer.status === 201 || answer.status === 204) {
    await client.words(answer, request);
    return true;
  }
  const failure = await client.unwanted(answer, request);
  if (answer.status !== 400 || !/DIGEST_INVALID|SIZE_INVALID/.test(failure.said ?? '')) throw failure;
  throw new Failure('bad-digest', `${doing}: what the registry got is not what the digest promises`, {
    where: path,
    said: failure.said!,
    hint: 'The file has changed, or bytes were lost on their way.',
  });
}

/** How many bytes an answer says the registry has. Of none some say `0-0`. */
function positionIn({ headers }: HttpAnswer): number | undefined {
  const { range } = headers;
  const end = typeof range === 'string' ? /^(?:bytes=)?0-(\d+)$/.exec(range)?.[1] : undefined;
  if (end === undefined) return undefined;
  return end === '0' ? 0 : Number(end) + 1;
}

/** Where an upload goes on. Failure `server-error` where the registry does not say, or names an address that is less safe than its own. */
function placeIn(answer: HttpAnswer, request: HttpRequest): URL {
  const place = locationOf(answer, request);
  if (place !== undefined) return place;
  throw new Failure('server-error', `${request.doing}: the registry names no address for the upload that could be used`, {
    where: placeOf(request),
    hint: 'Behind a proxy that speaks https for it, a registry has to know its own address (X-Forwarded-Proto, http.host).',
  });
}
