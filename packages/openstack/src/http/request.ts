import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@nx-debian-image/report';
import { exchange, type HttpRequest, type HttpResponse } from './exchange.ts';
import { networkFailure } from './failures.ts';
import type { Transport } from './transport.ts';

/** Asking these twice is the same as asking once. */
const repeatable = new Set(['GET', 'DELETE']);
const passing = new Set([429, 502, 503, 504]);

/**
 * One request, repeated a few times where that is harmless and the server was away or too busy. Gives any answer, also 4xx and 5xx;
 * Failure `unreachable`, `timeout` or `cancelled` where there is none.
 */
export async function request(transport: Transport, asked: HttpRequest): Promise<HttpResponse> {
  for (let attempt = 0; ; attempt += 1) {
    const pause = transport.retryAfterMs[attempt];
    let error: unknown;
    try {
      const answer = await exchange(transport, asked);
      if (pause === undefined || !passing.has(answer.status) || !repeatable.has(asked.method)) return answer;
    } catch (thrown) {
      if (!isNetworkError(thrown)) throw thrown;
      error = thrown;
    }
    if (error !== undefined && (pause === undefined || asked.signal?.aborted || !mayRepeat(asked, error)))
      throw networkFailure(error, asked);
    await wait(pause, undefined, asked.signal ? { signal: asked.signal } : {}).catch((cause: unknown) => {
      throw networkFailure(cause, asked);
    });
  }
}

/** A refused connection has carried nothing, so anything may be sent again. */
function mayRepeat({ method }: HttpRequest, error: unknown): boolean {
  return repeatable.has(method) || (error as { code?: string }).code === 'ECONNREFUSED';
}

/** Errors of node's network; a mistake in this program (TypeError and the like) or of a file is none. */
function isNetworkError(error: unknown): boolean {
  if (error instanceof Failure || error instanceof TypeError || error instanceof RangeError) return false;
  return !(error as { path?: string }).path;
}

/** The JSON of an answer. Failure `server-error` where it is none, such as the page of a proxy. */
export function jsonOf(answer: HttpResponse, { doing, method, url }: HttpRequest): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    throw new Failure('server-error', `${doing}: the server's answer is no JSON`, {
      where: `${method} ${url}`,
      said: answer.text.slice(0, 300),
      hint: 'Is this the address of an OpenStack service?',
      cause,
    });
  }
}
