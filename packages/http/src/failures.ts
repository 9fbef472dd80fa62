import { Failure } from '@nx-debian-image/report';
import { type Dialect, usualMeaning } from './dialect.ts';
import { type HttpRequest, placeOf } from './request.ts';
import { SilenceError } from './silence.ts';
import type { Transport } from './transport.ts';

/** A request that has come to nothing for a reason that may pass; once patience is over, it is this failure. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly failure: Failure;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** There was no connection at all. */
  readonly isNobodyThere: boolean;

  constructor(failure: Failure, { retryAfterMs, isNobodyThere = false }: { retryAfterMs?: number; isNobodyThere?: boolean } = {}) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
    this.isNobodyThere = isNobodyThere;
  }
}

const certificateErrors = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_|ERR_TLS_CERT/;
const wrongProtocol = /EPROTO|HPE_|ERR_SSL|WRONG_VERSION/;
const nobodyThere = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/;

/** What an error of the network is: an interruption, or a failure where another attempt would end alike. Any other error stays as it is. */
export function interruptionOf(error: unknown, request: HttpRequest, { signal, dialect }: Transport): unknown {
  const { doing, url } = request;
  const where = placeOf(request);
  if (signal?.aborted) return new Failure('cancelled', `${doing}: cancelled`, { where, cause: error });
  if (error instanceof SilenceError) {
    return new Interruption(new Failure('timeout', `${doing}: ${url.host} ${error.message}`, { where, cause: error }));
  }
  const { code, message, path } = error as { code?: string; message?: string; path?: string };
  // of a file, or a mistake in this program
  if (code === undefined || path !== undefined || error instanceof TypeError || error instanceof RangeError || error instanceof Failure)
    return error;
  if (certificateErrors.test(code)) {
    return new Failure('unreachable', `${doing}: the certificate of ${url.host} is not trusted`, {
      where,
      said: message ?? code,
      hint: dialect.hints.untrusted,
      cause: error,
    });
  }
  const details = { where, said: message || code, cause: error };
  if (wrongProtocol.test(code)) {
    const hint = dialect.hints.notUnderstood;
    return new Failure('unreachable', `${doing}: ${url.host} is not understood`, { ...details, hint });
  }
  const hint = dialect.hints.unreachable;
  return new Interruption(new Failure('unreachable', `${doing}: ${url.host} cannot be reached, or broke off`, { ...details, hint }), {
    isNobodyThere: nobodyThere.test(code),
  });
}

/** The failure that an answer is, with the server's own words. */
export function statusFailure(status: number, body: string, request: HttpRequest, dialect: Dialect): Failure {
  const said = dialect.saidIn(body);
  const { reason, text, hint } = { ...usualMeaning(status), ...dialect.meaningOf(status, body) };
  return new Failure(reason, `${request.doing}: ${request.url.host} ${text} (${status})`, {
    where: placeOf(request),
    ...(said === '' ? {} : { said }),
    ...(hint === undefined ? {} : { hint }),
  });
}
