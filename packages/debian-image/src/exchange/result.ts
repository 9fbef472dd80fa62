import {
  type Descriptor,
  type Digest,
  type Hashed,
  isDigest,
  type Manifest,
  octetStream,
  parseManifest,
} from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';

/** What the registry calls the result of a stage. */
const resultType = 'application/vnd.nx-debian-image.result.v1';
const configType = 'application/vnd.nx-debian-image.result.config.v1+json';
const zstdType = 'application/zstd';

const annotation = {
  stage: 'nx-debian-image.stage',
  task: 'nx-debian-image.task',
  digest: 'nx-debian-image.digest',
  size: 'nx-debian-image.size',
} as const;

/** A blob of a stage as the registry has it: compressed by zstd, or as it is where the digests are the same. */
export interface PackedBlob {
  readonly raw: Hashed;
  readonly packed: Hashed;
}

/** What a stage has left, as the registry has it. */
export interface Result {
  readonly stage: string;
  /** The task of Nx, by its hash; none where it is there for its bytes alone. */
  readonly task: string | undefined;
  /** A JSON object with the texts of the stage's own manifest and config; see `ArtifactTexts`. */
  readonly config: Hashed;
  /** The blobs of the stage, and those of earlier stages that it stands on: so each result stands alone. */
  readonly blobs: readonly PackedBlob[];
}

/** The tag of what a task has left. */
export function taskTag(stage: string, task: string): string {
  return `${stage}-${task}`;
}

/** The tag by which the bytes of an artifact are found, by the digest of its manifest. */
export function artifactTag(digest: Digest): string {
  return digest.replace('sha256:', 'artifact-');
}

/** A result as an OCI image manifest. */
export function resultManifest({ stage, task, config, blobs }: Result): Manifest {
  return {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: resultType,
    config: { mediaType: configType, ...hashed(config) },
    layers: blobs.map(({ raw, packed }) => ({
      mediaType: raw.digest === packed.digest ? octetStream : zstdType,
      ...hashed(packed),
      annotations: { [annotation.digest]: raw.digest, [annotation.size]: String(raw.size) },
    })),
    annotations: { [annotation.stage]: stage, ...(task === undefined ? {} : { [annotation.task]: task }) },
  };
}

/** A result from the manifest that a registry gave. Failure `bad-digest` where it is none. */
export function parseResult(bytes: Buffer, where: string): Result & { readonly manifest: Manifest } {
  const manifest = manifestOf(bytes, where);
  const { artifactType, config, layers, annotations = {} } = manifest;
  const stage = annotations[annotation.stage];
  if (artifactType !== resultType || typeof stage !== 'string') throw noResult('it is of another type', where);
  return {
    manifest,
    stage,
    task: annotations[annotation.task],
    config: hashed(config),
    blobs: layers.map((layer) => packedBlob(layer, where)),
  };
}

function manifestOf(bytes: Buffer, where: string): Manifest {
  try {
    return parseManifest(bytes.toString('utf8'), where);
  } catch (error) {
    throw error instanceof Failure ? noResult(error.message, where) : error;
  }
}

function packedBlob(layer: Descriptor, where: string): PackedBlob {
  const digest = layer.annotations?.[annotation.digest];
  const size = Number(layer.annotations?.[annotation.size]);
  if (!isDigest(digest) || !Number.isSafeInteger(size) || size < 0) throw noResult('a layer does not say what it is made from', where);
  return { raw: { digest, size }, packed: hashed(layer) };
}

function hashed({ digest, size }: Hashed): Hashed {
  return { digest, size };
}

function noResult(why: string, where: string): Failure {
  return new Failure('bad-digest', `this is not the result of a stage: ${why}`, { where });
}
