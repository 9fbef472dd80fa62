import { authorities, isLoopback, keptConnections, type Limits, proxiesOf, proxyFor, type Transport } from '@nx-debian-image/http';
import type { Progress } from '@nx-debian-image/report';
import { dialect } from './dialect.ts';

export const usualLimits: Limits = {
  connectMs: 10_000,
  silenceMs: 30_000,
  acceptMs: 120_000,
  finishMs: 120_000,
  waitsMs: [300, 1000, 3000, 8000, 15_000],
  // Where nobody has ever been there, a second look is enough.
  absentWaitsMs: [300],
  patienceMs: 60_000,
};

export interface TransportOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly ca?: string;
}

const certificatesHint = 'DEBIAN_IMAGE_REGISTRY_CA, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS each name a file of certificates (PEM).';

/** How requests to a registry go out; never through a proxy to this machine. Failure `not-found` of a file of certificates. */
export function openTransport({ environment, signal, progress, ca }: TransportOptions, limits: Limits = usualLimits): Transport {
  const trusted = authorities(environment, ca ?? environment['DEBIAN_IMAGE_REGISTRY_CA'], certificatesHint);
  const proxies = proxiesOf(environment);
  return {
    agents: keptConnections(),
    tls: trusted === undefined ? {} : { ca: trusted },
    proxyFor: (url) => (isLoopback(url.hostname) ? undefined : proxyFor(url, proxies)),
    limits,
    dialect,
    signal,
    progress,
  };
}
