import type { Digest } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';

/** The blob that is meant, and its bytes. */
export interface Blob {
  readonly digest: Digest;
  readonly size: number;
}

export interface TransferOptions {
  /** Hears of bytes as they get over; those that have to be sent twice count once. */
  readonly onBytes?: (count: number) => void;
}

/** A manifest as the registry has it: exactly these bytes. */
export interface StoredManifest {
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly mediaType: string;
}

/**
 * A repository of a registry, such as `registry.example/team/images`. Failures of all: `unreachable`, `timeout`, `refused` (401, 403, a
 * registry that is read-only), `server-error`, `cancelled`.
 */
export interface Repository {
  readonly name: string;
  /** A manifest by its tag or digest; undefined where there is none. Failure `bad-digest` where it has another digest. */
  manifest(reference: string): Promise<StoredManifest | undefined>;
  /** Stores a manifest under a tag or its digest. Failure `not-found` where a blob that it names is not there, `over-quota`. */
  putManifest(reference: string, bytes: Uint8Array, mediaType: string): Promise<Digest>;
  /** The size of a blob in bytes; undefined where it is not there. */
  sizeOf(digest: Digest): Promise<number | undefined>;
  /** Writes a blob to a new file, which is there whole or not at all; goes on after a break-off. Failures `not-found`, `bad-digest`, `no-space`. */
  pull(blob: Blob, path: string, options?: TransferOptions): Promise<void>;
  /** Pushes a file that has this digest, unless the blob is there; goes on after a break-off. Failures `bad-digest`, `over-quota`. */
  push(blob: Blob, path: string, options?: TransferOptions): Promise<void>;
}

export interface RepositoryOptions {
  /** Says where credentials, certificates and proxies are. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Speak http, or https to a registry of this machine; otherwise http to this machine alone. */
  readonly plainHttp?: boolean;
  /** A file with certificates of authorities that are trusted beside the usual ones; otherwise that of DEBIAN_IMAGE_REGISTRY_CA. */
  readonly ca?: string;
}

/** A repository by its name, `host[:port]/path`. Asks nobody yet. Failure `invalid` where the name is none. */
export function openRepository(name: string, options: RepositoryOptions): Repository {
  throw new Error(`not yet: ${name} ${options.signal.aborted}`);
}
