import type { Readable } from 'node:stream';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { mergeLayers } from '../disk/layers/merge.ts';
import { mergedPieces, pieceStream } from '../disk/layers/merged-tar.ts';
import { indexTar } from '../disk/layers/tar-index.ts';

/** The media type of an uncompressed layer (OCI image-spec, media-types.md). */
export const layerType = 'application/vnd.oci.image.layer.v1.tar';

/** The tree of some layers (the lowest first) as one tar. */
export function layerStream(layers: readonly Descriptor[], store: Store): Readable {
  return pieceStream(mergedPieces(mergeLayers(layers.map(({ digest }) => indexTar(store.blobPath(digest))))));
}
