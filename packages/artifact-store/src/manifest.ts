/** A digest as OCI writes it: the algorithm and the hash in hexadecimal. */
export type Digest = `sha256:${string}`;

/** A blob by its digest, as in https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md; `size` in bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The annotation with a blob's human file name (OCI image-spec, annotations.md). */
export const titleAnnotation = 'org.opencontainers.image.title';

/** What a stage leaves: an OCI image manifest whose config holds the stage's facts as JSON and whose layers are its blobs. */
export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: 'application/vnd.oci.image.manifest.v1+json';
  readonly artifactType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The media type of a blob about which nothing more is said. */
export const octetStream = 'application/octet-stream';
