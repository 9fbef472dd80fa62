import { Failure } from '@nx-debian-image/report';
import type { Manifest } from './manifest.ts';
import { isDescriptor } from './references.ts';

/** A manifest from its text. Failure `bad-digest` where it is none: cut off, or not of our kind. */
export function parseManifest(text: string, where: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged('it is no JSON', where, error);
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw damaged(problem, where);
  return value as Manifest;
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is no object';
  const { schemaVersion, mediaType, artifactType, config, layers } = value as Partial<Record<keyof Manifest, unknown>>;
  if (schemaVersion !== 2) return 'schemaVersion is not 2';
  if (mediaType !== 'application/vnd.oci.image.manifest.v1+json') return 'mediaType is not that of an OCI image manifest';
  if (typeof artifactType !== 'string') return 'artifactType is missing';
  if (!isDescriptor(config)) return 'config is no descriptor';
  if (!Array.isArray(layers) || !layers.every(isDescriptor)) return 'layers are no descriptors';
  return undefined;
}

function damaged(problem: string, where: string, cause?: unknown): Failure {
  return new Failure('bad-digest', `this is not an OCI image manifest: ${problem}`, {
    where,
    hint: 'Remove this file and its folder; they are made again.',
    ...(cause === undefined ? {} : { cause }),
  });
}
