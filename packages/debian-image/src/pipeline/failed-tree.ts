import { join } from 'node:path';
import { type Descriptor, readArtifact, writeArtifact } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import type { Build } from './build.ts';

/** The artifact of a tree whose configuring failed. */
const failedTree = 'configure-failed';

/** Keeps the layers of a tree as it stood when a step failed, and says how to open a shell in it. */
export function keepFailedTree({ store, image, artifacts }: Build): (layers: readonly Descriptor[]) => Promise<string> {
  return async (layers) => {
    const blobs = layers.map((descriptor, index) => ({ name: `${index}.tar`, descriptor }));
    await writeArtifact(join(artifacts, failedTree), store, { stage: failedTree, config: { layers }, blobs });
    return `nx run ${image.name}:shell --after=failed`;
  };
}

/** The layers of such a tree. Fails as `not-found` where nothing failed. */
export async function failedLayers({ artifacts, image }: Build): Promise<readonly Descriptor[]> {
  const artifact = await readArtifact(join(artifacts, failedTree));
  if (artifact) return (artifact.config as { layers: readonly Descriptor[] }).layers;
  throw new Failure('not-found', `no configuring of ${image.name} has failed that could be looked at`, {
    hint: 'Leave --after away to look at the configured tree.',
  });
}
