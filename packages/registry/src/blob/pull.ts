import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inFolder } from '@nx-debian-image/artifact-store';
import { type HttpAnswer, type HttpRequest, Interruption, patiently, piecesOf } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { Client } from '../client.ts';
import { type Blob, furthest, shortDigest, type TransferOptions } from './blob.ts';
import { urlOfBlob } from './size.ts';

/** How much has to come before patience begins anew. */
const worthIt = 1 << 20;

/** Writes a blob to a new file. Where that fails the file is gone again. */
export async function pullBlob(client: Client, name: string, blob: Blob, path: string, options: TransferOptions): Promise<void> {
  const handle = await inFolder(dirname(path), () => open(path, 'wx'));
  try {
    await pullInto(handle, client, name, blob, path, options).finally(() => handle.close());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function pullInto(
  handle: FileHandle,
  client: Client,
  name: string,
  blob: Blob,
  path: string,
  { onBytes }: TransferOptions,
): Promise<void> {
  const { digest, size } = blob;
  const doing = `pulling ${shortDigest(digest)} from ${name}`;
  const url = urlOfBlob(client, digest);
  const reached = furthest(onBytes);
  const wrong = (what: string): Failure =>
    new Failure('bad-digest', `${doing}: ${what}`, {
      where: url.href,
      hint: 'The registry has lost or changed bytes; push the blob again.',
    });
  let hash = createHash('sha256');
  let position = 0;
  await patiently(client.transport, async (gotOn) => {
    // it broke off behind the last byte
    if (position > 0 && position === size) return;
    const headers: Record<string, string> = position > 0 ? { range: `bytes=${position}-` } : {};
    const request: HttpRequest = { method: 'GET', url, headers, doing };
    const answer = await client.ask(request, 'pull');
    const start = startOf(answer);
    if (answer.status === 416) throw wrong(`it is shorter than ${size} bytes`);
    if (start === undefined || (start !== 0 && start !== position)) throw await client.unwanted(answer, request);
    if (start < position) {
      hash = createHash('sha256');
      position = 0;
      await handle.truncate();
    }
    const begin = position;
    for await (const piece of piecesOf(answer, request, client.transport)) {
      if (position + piece.length > size) throw wrong(`it is longer than ${size} bytes`);
      await inFolder(dirname(path), () => writeAt(handle, piece, position));
      hash.update(piece);
      position += piece.length;
      reached(position);
      if (position - begin >= worthIt) gotOn();
    }
    if (position < size) throw new Interruption(wrong(`it ends after ${position} of ${size} bytes`));
  });
  const actual = `sha256:${hash.digest('hex')}`;
  if (actual !== digest) throw wrong(`what came is ${actual}`);
}

/** write(2) may take less than all. */
async function writeAt(handle: FileHandle, piece: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < piece.length) done += (await handle.write(piece, done, piece.length - done, position + done)).bytesWritten;
}

/** Which byte the body of an answer begins with; undefined where it is none of the blob's. */
function startOf({ status, headers }: HttpAnswer): number | undefined {
  if (status === 200) return 0;
  const start = status === 206 ? /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] : undefined;
  return start === undefined ? undefined : Number(start);
}
