import type { Readable } from 'node:stream';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { mergedPieces, pieceStream } from '../disk/layers/merged-tar.ts';
import { openLayers } from '../disk/layers/open-layers.ts';

/** The media type of an uncompressed layer (OCI image-spec, media-types.md). */
export const layerType = 'application/vnd.oci.image.layer.v1.tar';

/** The tree of some layers (the lowest first) as one tar. */
export async function layerStream(layers: readonly Descriptor[], store: Store): Promise<Readable> {
  return pieceStream(mergedPieces(await openLayers(layers, store)));
}
