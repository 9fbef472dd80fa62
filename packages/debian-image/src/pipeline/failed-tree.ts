import { join } from 'node:path';
import { type Descriptor, readArtifact, writeArtifact } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import type { Build } from './build.ts';

/** The artifact of a tree or disk whose configuring failed. */
export const failedTree = 'configure-failed';

/** Keeps the layers of a tree as it stood when a step failed, and says how to open a shell in it. */
export function keepFailedTree({ store, image, artifacts }: Build): (layers: readonly Descriptor[]) => Promise<string> {
  return async (layers) => {
    const blobs = layers.map((descriptor, index) => ({ name: `${index}.tar`, descriptor }));
    await writeArtifact(join(artifacts, failedTree), store, { stage: failedTree, config: { layers }, blobs });
    return `nx run ${image.name}:shell --after=failed`;
  };
}

/** The layers of such a tree. Fails as `not-found` where nothing failed. */
export async function failedLayers({ artifacts, image, store }: Build): Promise<readonly Descriptor[]> {
  const artifact = await readArtifact(join(artifacts, failedTree));
  const { layers } = (artifact?.config ?? {}) as { readonly layers?: readonly Descriptor[] };
  if (layers !== undefined && (await store.missing(layers)).length === 0) return layers;
  if (layers !== undefined) {
    throw new Failure('not-found', `the tree of ${image.name} as it failed is no longer in the store`, {
      hint: `Run \`nx run ${image.name}:configure\` again.`,
    });
  }
  throw new Failure('not-found', `no configuring of ${image.name} has failed that could be looked at`, {
    hint: 'Leave --after away to look at the configured tree.',
  });
}
