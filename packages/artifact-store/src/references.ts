import { isDigest } from './digest.ts';
import type { Descriptor, Manifest } from './manifest.ts';

/**
 * All blobs that an artifact needs, each once: its config, its layers, and every descriptor found anywhere in its config
 * (a stage names the layers of the stages before it there).
 */
export function referenced({ manifest, config }: { readonly manifest: Manifest; readonly config: unknown }): Descriptor[] {
  const found = new Map<string, Descriptor>();
  const add = (descriptor: Descriptor): void => {
    if (!found.has(descriptor.digest)) found.set(descriptor.digest, descriptor);
  };
  for (const descriptor of [manifest.config, ...manifest.layers, ...descriptorsIn(config)]) add(descriptor);
  return [...found.values()];
}

/** The blobs that an artifact stands for: its own, and the layers of a tree that lie below. Its config is a file beside the manifest. */
export function blobsOf(artifact: { readonly manifest: Manifest; readonly config: unknown }): Descriptor[] {
  return referenced(artifact).filter(({ digest }) => digest !== artifact.manifest.config.digest);
}

/** Whether a value has the shape of a descriptor. */
export function isDescriptor(value: unknown): value is Descriptor {
  if (typeof value !== 'object' || value === null) return false;
  const { mediaType, digest, size } = value as Partial<Record<keyof Descriptor, unknown>>;
  return typeof mediaType === 'string' && isDigest(digest) && typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
}

function descriptorsIn(value: unknown): Descriptor[] {
  if (isDescriptor(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(descriptorsIn);
}
