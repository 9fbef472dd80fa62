import { readFile } from 'node:fs/promises';
import type { Proxies } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { TlsFiles } from '../clouds/index.ts';

/** How every request of a cloud goes out. */
export interface Transport {
  /** Options of node:tls, read once. */
  readonly tls: TlsOptions;
  readonly proxies: Proxies;
  /** How long a server may stay silent, in seconds. */
  readonly silenceSeconds: number;
  /** How long it may stay silent once it has a whole file, in seconds. */
  readonly finishSeconds: number;
  /** Waits before the second, third … attempt, in milliseconds. */
  readonly retryAfterMs: readonly number[];
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export type TransportLimits = Pick<Transport, 'silenceSeconds' | 'finishSeconds' | 'retryAfterMs'>;

const usualLimits: TransportLimits = { silenceSeconds: 120, finishSeconds: 1800, retryAfterMs: [300, 1500, 4000] };

/** Reads the certificates of a cloud. Failure `not-found` where a file of clouds.yaml cannot be read. */
export async function openTransport(
  { verify, caFile, certFile, keyFile }: TlsFiles,
  proxies: Proxies,
  limits: Partial<TransportLimits> = {},
): Promise<Transport> {
  const [ca, cert, key] = await Promise.all([read('cacert', caFile), read('cert', certFile), read('key', keyFile)]);
  return {
    // As for openstacksdk, a cert without a key is a file that holds both.
    tls: { rejectUnauthorized: verify, ...(ca ? { ca } : {}), ...(cert ? { cert, key: key ?? cert } : {}) },
    proxies,
    ...usualLimits,
    ...limits,
  };
}

async function read(key: string, file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  return readFile(file).catch((cause: unknown) => {
    throw new Failure('not-found', `the ${key} of the cloud cannot be read: ${file}`, { where: key, cause });
  });
}
