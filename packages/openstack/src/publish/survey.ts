import { pause } from '@nx-debian-image/http';
import { formatDuration, type Progress } from '@nx-debian-image/report';
import type { ImageFilter, ImageRecord, ImageService } from '../image/index.ts';
import { isOwn, linkNames, marks, partOf } from './marks.ts';
import { type Product, partsOf } from './product.ts';
import type { CloudState } from './state.ts';

/** All our images of a product, newest first. */
export async function ownImages(service: ImageService, product: string, signal: AbortSignal | undefined): Promise<ImageRecord[]> {
  const owner: ImageFilter = service.projectId === undefined ? {} : { owner: service.projectId };
  const images = await service.list({ ...owner, [marks.product]: product }, signal);
  return images.filter((image) => isOwn(image, service.projectId));
}

/** Reads from the cloud what `plan` needs. */
export async function survey(service: ImageService, product: Product, signal: AbortSignal | undefined): Promise<CloudState> {
  const own = await ownImages(service, product.name, signal);
  const known = new Set(own.map(({ id }) => id));
  const named = own.flatMap(({ properties }) => Object.values(linkNames).flatMap((link) => properties[link] ?? []));
  // Kernels and ramdisks that another product brought.
  for (const id of new Set(named.filter((name) => !known.has(name)))) {
    const image = await service.get(id, signal);
    if (image && isOwn(image, service.projectId)) own.push(image);
  }
  const shareable: ImageRecord[] = [];
  for (const [name, part] of partsOf(product)) {
    if (name === 'root') continue;
    const same = await service.list({ [marks.sha512]: part.sha512 }, signal);
    shareable.push(...same.filter((image) => isOwn(image, service.projectId) && partOf(image) === name));
  }
  const users = new Map<string, readonly string[]>();
  for (const image of own) {
    const part = partOf(image);
    if (part === 'kernel' || part === 'ramdisk') users.set(image.id, await usersOf(service, part, image.id, signal));
  }
  return { own, shareable, users };
}

/** Ids of all images, ours or not, that name this kernel or ramdisk. */
export async function usersOf(
  service: ImageService,
  part: 'kernel' | 'ramdisk',
  id: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  return (await service.list({ [linkNames[part]]: id }, signal)).map((image) => image.id);
}

const pollMs = 2000;

/**
 * Waits while an image of this product is in `saving`: another run may be sending it, and Glance notices only after a moment that
 * a killed one is gone. One that stays so longer than this is what a killed server left, and may be deleted.
 */
export async function settle(
  service: ImageService,
  product: string,
  { staleAfterSeconds, progress, signal }: { staleAfterSeconds: number; progress: Progress; signal: AbortSignal | undefined },
): Promise<void> {
  const begin = Date.now();
  let said = false;
  for (;;) {
    const saving = (await ownImages(service, product, signal)).filter(({ status }) => status === 'saving');
    const young = saving.filter(({ updatedAt }) => Date.now() - Date.parse(updatedAt) < staleAfterSeconds * 1000);
    if (young.length === 0 || Date.now() - begin > staleAfterSeconds * 1000) return;
    if (!said && Date.now() - begin > pollMs) {
      const names = young.map(({ name, id }) => `"${name}" (${id})`).join(', ');
      progress.note(
        `${names} is being uploaded, or was left so by a stopped server; waiting up to ${formatDuration(staleAfterSeconds * 1000)}`,
      );
      said = true;
    }
    await pause(Math.min(pollMs, 250 + (Date.now() - begin)), signal, `publishing ${product}`);
  }
}
