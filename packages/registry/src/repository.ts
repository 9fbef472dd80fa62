import type { Digest } from '@nx-debian-image/artifact-store';
import { isLoopback, type Limits } from '@nx-debian-image/http';
import type { Progress } from '@nx-debian-image/report';
import { Authorizer } from './access/index.ts';
import type { Blob, TransferOptions } from './blob/blob.ts';
import { pullBlob } from './blob/pull.ts';
import { pushBlob } from './blob/push.ts';
import { sizeOfBlob } from './blob/size.ts';
import { Client } from './client.ts';
import { type AskHelper, findCredentials } from './credentials/index.ts';
import { openTransport } from './http/index.ts';
import { getManifest, putManifest, type StoredManifest } from './manifest.ts';
import { parseName } from './name.ts';

/**
 * A repository of a registry, such as `registry.example/team/images`. Failures of all: `unreachable`, `timeout`, `refused` (401, 403, a
 * registry that is read-only), `server-error`, `over-quota`, `cancelled`; of credentials `invalid`, `not-found`, `missing-tool`.
 */
export interface Repository {
  readonly name: string;
  /** A manifest by its tag or digest; undefined where there is none. Failure `bad-digest` where it has another digest. */
  manifest(reference: string): Promise<StoredManifest | undefined>;
  /** Stores a manifest under a tag or its digest. Failure `not-found` where a blob that it names is not there. */
  putManifest(reference: string, bytes: Uint8Array, mediaType: string): Promise<Digest>;
  /** The size of a blob in bytes; undefined where it is not there. */
  sizeOf(digest: Digest): Promise<number | undefined>;
  /** Writes a blob to a new file, which is there whole or not at all; goes on after a break-off. Failures `not-found`, `bad-digest`, `no-space`. */
  pull(blob: Blob, path: string, options?: TransferOptions): Promise<void>;
  /** Pushes a file that has this digest, unless the blob is there; goes on after a break-off. Failure `bad-digest`. */
  push(blob: Blob, path: string, options?: TransferOptions): Promise<void>;
}

export interface RepositoryOptions {
  /** Says where credentials and certificates are. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Whether http is spoken; otherwise to this machine alone, where no `ca` is named. */
  readonly plainHttp?: boolean;
  /** A file of certificates that are trusted beside the usual ones; otherwise that of DEBIAN_IMAGE_REGISTRY_CA. */
  readonly ca?: string;
  /** Starts credential helpers; without it they are a failure. */
  readonly askHelper?: AskHelper;
  readonly limits?: Limits;
}

/** A repository by its name, `host[:port]/path`. Asks nobody yet. Failure `invalid` where the name is none. */
export function openRepository(name: string, options: RepositoryOptions): Repository {
  const { environment, askHelper } = options;
  const { host, path, account } = parseName(name);
  const transport = openTransport(options, options.limits);
  const { hostname } = new URL(`https://${host}/`);
  const isPlain = options.plainHttp ?? (isLoopback(hostname) && !(options.ca ?? environment['DEBIAN_IMAGE_REGISTRY_CA']));
  const authorizer = new Authorizer(transport, { path, isPlain, find: () => findCredentials(account, environment, askHelper) });
  const client = new Client(transport, new URL(`${isPlain ? 'http' : 'https'}://${host}/v2/${path}/`), authorizer);
  const habits = { takesChunks: true };
  return {
    name,
    manifest: (reference) => getManifest(client, name, reference),
    putManifest: (reference, bytes, mediaType) => putManifest(client, name, reference, bytes, mediaType),
    sizeOf: (digest) => sizeOfBlob(client, name, digest),
    pull: (blob, file, more = {}) => pullBlob(client, name, blob, file, more),
    push: (blob, file, more = {}) => pushBlob(client, name, blob, file, more, habits),
  };
}
