import { type Artifact, blobNamed, type Descriptor } from '@nx-debian-image/artifact-store';

/** The layers of the tree that install left: those it names where it lies upon others, else its only one. */
export function layersOf(installed: Artifact): readonly Descriptor[] {
  const { layers } = installed.config as { readonly layers?: readonly Descriptor[] };
  return layers ?? [blobNamed(installed, 'rootfs.tar')];
}
