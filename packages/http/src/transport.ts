import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { Progress } from '@nx-debian-image/report';
import type { Dialect } from './dialect.ts';

/** How long a server may take, in milliseconds. */
export interface Limits {
  /** Until there is a connection. */
  readonly connectMs: number;
  /** Without a byte, in any direction. */
  readonly silenceMs: number;
  /** Silence once it has all of a body that is no file. */
  readonly acceptMs: number;
  /** Silence once it has all bytes of a file: a store behind it may take long over them. */
  readonly finishMs: number;
  /** How long it is waited for its word before a file is sent (RFC 9110, 10.1.1); undefined: it is not asked for one. */
  readonly goAheadMs?: number;
  /** Waits before the second, third ... attempt, where the server names none. */
  readonly waitsMs: readonly number[];
  /** The same where no server has been there at all. */
  readonly absentWaitsMs?: readonly number[];
  /** No attempt begins later than this after the last one that got on; undefined: only `waitsMs` end them. */
  readonly patienceMs?: number;
}

/** How requests to one kind of server go out. */
export interface Transport {
  /** Connections that are kept; undefined: each request has its own. */
  readonly agents?: Agents;
  /** Whom to trust, and whether to show a certificate. */
  readonly tls: ConnectionOptions;
  /** The proxy for an address; undefined where it is reached directly. */
  readonly proxyFor: (url: URL) => URL | undefined;
  /** Headers of every request that has no others of these names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly dialect: Dialect;
  /** Ends what is under way. */
  readonly signal: AbortSignal | undefined;
  /** Hears of long waits. */
  readonly progress: Progress;
}

export interface Agents {
  readonly 'http:': HttpAgent;
  readonly 'https:': HttpsAgent;
}

/** Connections that are kept for the next request, and never keep a process from ending. */
export function keptConnections(): Agents {
  return { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
}
