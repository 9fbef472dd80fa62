import { Interruption, patiently } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { Client } from '../client.ts';
import { type Blob, furthest, shortDigest, type TransferOptions } from './blob.ts';
import { lookForBlob } from './size.ts';
import { beginUpload, finishUpload, resumeUpload, sendChunk, type Upload } from './upload.ts';

/** How this registry takes blobs; learnt with the first one that it does not take in chunks. */
export interface Habits {
  takesChunks: boolean;
}

/** Pushes a file with this digest, unless it is there: in chunks, or at once where it is small or the registry takes no chunks. */
export async function pushBlob(
  client: Client,
  name: string,
  blob: Blob,
  path: string,
  { onBytes }: TransferOptions,
  habits: Habits,
): Promise<void> {
  const { digest, size } = blob;
  const doing = `pushing ${shortDigest(digest)} to ${name}`;
  const reached = furthest(onBytes);
  const file = { path, size, doing, reached };
  let upload: Upload | undefined;
  let refusedAt: number | undefined;
  await patiently(client.transport, async (gotOn) => {
    // Also after a break-off: the last answer may have been lost, or somebody else was faster.
    if ((await lookForBlob(client, name, digest)) === size) return;
    const before = habits.takesChunks && upload ? await resumeUpload(client, upload, file) : undefined;
    upload = before ?? (await beginUpload(client, doing));
    const end = habits.takesChunks && size > upload.chunkBytes ? size : 0;
    while (upload.position < end) {
      const next = await sendChunk(client, upload, file);
      if (next !== undefined) {
        upload = next;
        reached(upload.position);
        gotOn();
        continue;
      }
      // Once may be bad luck in the middle, where the registry knows best how far it is.
      if (upload.position === 0 || refusedAt === upload.position) habits.takesChunks = false;
      refusedAt = upload.position;
      throw new Interruption(new Failure('server-error', `${doing}: the registry does not take the next chunk`));
    }
    if (await finishUpload(client, upload, file, digest)) return;
    upload = undefined;
    throw new Interruption(new Failure('server-error', `${doing}: the registry has forgotten what it was sent`));
  });
  reached(size);
}
