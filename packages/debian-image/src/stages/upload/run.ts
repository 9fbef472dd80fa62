import type { Image } from '../../image/index.ts';
import type { Receipt, UploadRequest, UploadTarget } from './request.ts';
import { uploadToCatalog } from './to-catalog.ts';

const publishers = {
  catalog: async (request: UploadRequest): Promise<Receipt[]> => [await uploadToCatalog(request)],
  // asked for only where it is used: reading YAML and talking to a cloud is a third of all there is to load
  glance: async (request: UploadRequest): Promise<Receipt[]> => (await import('./to-glance.ts')).uploadToGlance(request),
  registry: async (request: UploadRequest): Promise<Receipt[]> => (await import('./to-registry.ts')).uploadToRegistry(request),
};

/** Publishes an image wherever the options or image.json say, one after another, and gives what each did. */
export async function upload(request: UploadRequest): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const to of targets(request.image, request.options.to)) receipts.push(...(await publishers[to](request)));
  return receipts;
}

/** Where an image goes: only to what is asked for, else to all that image.json names. */
export function targets({ upload: wanted }: Pick<Image, 'upload'>, to: UploadTarget | undefined): UploadTarget[] {
  return to === undefined ? (['catalog', 'glance', 'registry'] as const).filter((target) => wanted[target] !== undefined) : [to];
}
