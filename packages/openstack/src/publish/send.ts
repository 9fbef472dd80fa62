import { pause } from '@nx-debian-image/http';
import { Failure, type Progress } from '@nx-debian-image/report';
import type { ImageRecord, ImageService } from '../image/index.ts';
import { hasBytes } from './marks.ts';
import type { Part } from './product.ts';

export interface SendOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  /** How long a cloud may take to make a sent image active, or a broken-off one queued again, in seconds. */
  readonly settleSeconds: number;
}

const attempts = 3;

/**
 * Sends the bytes of a part to its queued image and makes sure that the cloud has them. A connection that breaks is tried again.
 * Failure `over-quota`, `refused`, `busy`, `unreachable`, `timeout` (stuck in saving), `bad-digest` (the image is deleted).
 */
export async function send(service: ImageService, id: string, part: Part, options: SendOptions): Promise<void> {
  const path = await part.path();
  for (let attempt = 1; ; attempt += 1) {
    const meter = options.progress.meter(`uploading ${part.name}`, part.size);
    let failure: Failure | undefined;
    try {
      await service.upload(id, { name: part.name, path, size: part.size, meter }, options.signal);
      meter.done();
    } catch (error) {
      if (!(error instanceof Failure) || !mayHaveArrived.has(error.reason)) throw error;
      failure = error;
    }
    const image = await settled(service, id, part, failure === undefined, options);
    if (image.status === 'active') return checkBytes(service, image, part, options.signal);
    if (!failure)
      throw new Failure('server-error', `${part.name}: the cloud took the bytes and left the image "${image.status}"`, {
        where: `image ${id}`,
      });
    if (image.status !== 'queued' || failure.reason === 'server-error' || attempt === attempts) throw resumable(failure);
    options.progress.warn(`${failure.message}; trying again (${attempt + 1} of ${attempts})`);
  }
}

/** After these nobody knows whether the cloud has the bytes. */
const mayHaveArrived = new Set<string>(['unreachable', 'timeout', 'server-error', 'busy']);

function resumable(failure: Failure): Failure {
  if (failure.reason !== 'unreachable' && failure.reason !== 'timeout') return failure;
  return new Failure(failure.reason, `${failure.message} (broken off in the middle of the upload)`, {
    ...(failure.where ? { where: failure.where } : {}),
    ...(failure.said ? { said: failure.said } : {}),
    hint: 'Run it again once the cloud is back: it takes up the same image.',
    cause: failure,
  });
}

/** The image once it is no longer in between. */
async function settled(service: ImageService, id: string, part: Part, arrived: boolean, options: SendOptions): Promise<ImageRecord> {
  const end = Date.now() + options.settleSeconds * 1000;
  for (;;) {
    const image = await service.get(id, options.signal);
    if (!image) {
      throw new Failure('busy', `${part.name}: its image was deleted during the upload`, {
        where: `image ${id}`,
        hint: 'Does another run publish the same image? Run it again.',
      });
    }
    // Right after the bytes a cloud may still say `queued` for a moment, where its database has several servers.
    const between = image.status === 'saving' || (arrived && image.status === 'queued');
    if (!between) return image;
    if (Date.now() > end) {
      throw new Failure('timeout', `${part.name}: its image is stuck in "${image.status}"`, {
        where: `image ${id}`,
        hint: 'A later run deletes it and uploads again; if it happens twice, ask the administrator for the log of Glance.',
      });
    }
    await pause(Math.min(1000, options.settleSeconds * 100), options.signal, `uploading ${part.name}`);
  }
}

async function checkBytes(service: ImageService, image: ImageRecord, part: Part, signal: AbortSignal | undefined): Promise<void> {
  if (hasBytes(image, part)) return;
  await service.delete(image.id, signal);
  const digest = image.hash ? `${image.hash.algorithm} ${image.hash.value}` : `md5 ${image.md5 ?? 'unknown'}`;
  throw new Failure('bad-digest', `${part.name}: the cloud has other bytes than it should; the image was deleted`, {
    where: `image ${image.id}`,
    said: `the cloud: ${image.size ?? '?'} bytes, ${digest}\nexpected: ${part.size} bytes, sha512 ${part.sha512}, md5 ${part.md5}`,
    hint: 'Either the file changed since its digests were made, or the way to the cloud spoils bytes.',
  });
}
