import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Proxies, proxiesOf } from '@nx-debian-image/http';
import type { Progress } from '@nx-debian-image/report';
import { authorities } from './certificates.ts';

/** How long a registry may take, in milliseconds. */
export interface Limits {
  /** Until there is a connection. */
  readonly connectMs: number;
  /** Without a byte, in any direction. */
  readonly silenceMs: number;
  /** Once it has all bytes of a blob: a store behind it may take long over them. */
  readonly finishMs: number;
  /** Waits before the second, third ... attempt, where the registry names none. */
  readonly waitsMs: readonly number[];
  /** No attempt begins later than this after the last one that got on. */
  readonly patienceMs: number;
}

export const usualLimits: Limits = {
  connectMs: 10_000,
  silenceMs: 30_000,
  finishMs: 120_000,
  waitsMs: [300, 1000, 3000, 8000, 15_000],
  patienceMs: 60_000,
};

/** How requests to one registry go out. */
export interface Transport {
  readonly agents: { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent };
  /** Options of node:tls. */
  readonly tls: { readonly ca?: string[] };
  readonly proxies: Proxies;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

export interface TransportOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly ca?: string;
}

/** Connections that are kept for the next request, and never keep a process from ending. Failure `not-found` of a file of certificates. */
export function openTransport({ environment, signal, progress, ca }: TransportOptions, limits: Limits = usualLimits): Transport {
  const trusted = authorities(environment, ca ?? environment['DEBIAN_IMAGE_REGISTRY_CA']);
  const tls = trusted === undefined ? {} : { ca: trusted };
  return {
    agents: { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true, ...tls }) },
    tls,
    proxies: proxiesOf(environment),
    limits,
    signal,
    progress,
  };
}
