import { type Limits, type Proxies, proxyFor, readPem, type Transport } from '@nx-debian-image/http';
import { silent } from '@nx-debian-image/report';
import type { TlsFiles } from '../clouds/index.ts';
import { dialect } from './dialect.ts';

// A store such as Swift or Ceph may take long over the last piece of a large image.
const usualLimits: Limits = {
  connectMs: 120_000,
  silenceMs: 120_000,
  acceptMs: 120_000,
  finishMs: 1_800_000,
  goAheadMs: 1000,
  waitsMs: [300, 1500, 4000],
};

/** How every request of a cloud goes out. Failure `not-found` where a file of clouds.yaml cannot be read. */
export function openTransport(files: TlsFiles, proxies: Proxies, limits: Partial<Limits> = {}): Transport {
  const read = (key: string, file: string | undefined): string | undefined =>
    file === undefined ? undefined : readPem(file, `${key} of the cloud`, { where: key });
  const [ca, cert, key] = [read('cacert', files.caFile), read('cert', files.certFile), read('key', files.keyFile)];
  return {
    // As for openstacksdk, a cert without a key is a file that holds both.
    tls: { rejectUnauthorized: files.verify, ...(ca ? { ca } : {}), ...(cert ? { cert, key: key ?? cert } : {}) },
    proxyFor: (url) => proxyFor(url, proxies),
    headers: { accept: 'application/json' },
    limits: { ...usualLimits, ...limits },
    dialect,
    signal: undefined,
    progress: silent,
  };
}
