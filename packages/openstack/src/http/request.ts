import type { IncomingHttpHeaders } from 'node:http';
import { bytesOf, exchange, type HttpRequest, Interruption, Patience, placeOf, statusFailure, type Transport } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import { dialect } from './dialect.ts';

/** A request, and what ends it. */
export interface ServiceRequest extends HttpRequest {
  readonly signal?: AbortSignal | undefined;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const longestAnswer = 64 * 1024 * 1024;

/** Asking these twice is the same as asking once. */
const repeatable = new Set<string>(['GET', 'DELETE']);
const passing = new Set([429, 502, 503, 504]);

/**
 * One request, repeated a few times where that is harmless and the server was away or too busy. Gives any answer, also 4xx and 5xx;
 * Failure `unreachable`, `timeout` or `cancelled` where there is none.
 */
export async function request(transport: Transport, asked: ServiceRequest): Promise<ServiceAnswer> {
  const way = { ...transport, signal: asked.signal };
  const patience = new Patience(way);
  for (;;) {
    try {
      const answer = await ask(way, asked);
      if (!passing.has(answer.status) || !repeatable.has(asked.method)) return answer;
      if (!(await patience.lasts(new Interruption(failureOf(answer, asked))))) return answer;
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      if (!mayRepeat(asked, error) || !(await patience.lasts(error))) throw error.failure;
    }
  }
}

async function ask(way: Transport, asked: ServiceRequest): Promise<ServiceAnswer> {
  const answer = await exchange(way, asked);
  const text = (await bytesOf(answer, asked, way, longestAnswer)).toString('utf8');
  return { status: answer.status, headers: answer.headers, text };
}

/** A refused connection has carried nothing, so anything may be sent again. */
function mayRepeat({ method }: ServiceRequest, { failure }: Interruption): boolean {
  return repeatable.has(method) || (failure.cause as { code?: string }).code === 'ECONNREFUSED';
}

/** The failure that an answer of 300 or above is, with the server's own words. */
export function failureOf({ status, text }: ServiceAnswer, asked: ServiceRequest): Failure {
  return statusFailure(status, text, asked, dialect);
}

/** The JSON of an answer. Failure `server-error` where it is none, such as the page of a proxy. */
export function jsonOf(answer: ServiceAnswer, asked: ServiceRequest): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    throw new Failure('server-error', `${asked.doing}: the server's answer is no JSON`, {
      where: placeOf(asked),
      said: answer.text.slice(0, 300),
      hint: 'Is this the address of an OpenStack service?',
      cause,
    });
  }
}
