import { SilenceError } from '@nx-debian-image/http';
import { Failure, type Reason } from '@nx-debian-image/report';
import { type HttpRequest, placeOf } from './request.ts';
import { saidIn } from './said.ts';

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
export function interruptionOf(error: unknown, request: HttpRequest, signal: AbortSignal): unknown {
  const { doing, url } = request;
  const where = placeOf(request);
  if (signal.aborted) return new Failure('cancelled', `${doing}: cancelled`, { where, cause: error });
  if (error instanceof SilenceError) {
    return new Interruption(new Failure('timeout', `${doing}: ${url.host} ${error.message}`, { where, cause: error }));
  }
  const { code, message, path } = error as { code?: string; message?: string; path?: string };
  // of a file, or a mistake in this program
  if (code === undefined || path !== undefined || error instanceof TypeError || error instanceof Failure) return error;
  if (certificateErrors.test(code)) {
    return new Failure('unreachable', `${doing}: the certificate of ${url.host} is not trusted`, {
      where,
      said: message ?? code,
      hint: 'Name the file of its authority in DEBIAN_IMAGE_REGISTRY_CA.',
      cause: error,
    });
  }
  const details = { where, said: message || code, cause: error };
  if (wrongProtocol.test(code)) {
    const hint = `It does not speak ${url.protocol.slice(0, -1)} as this protocol goes; plain http is spoken to this machine only, or when asked.`;
    return new Failure('unreachable', `${doing}: ${url.host} is not understood`, { ...details, hint });
  }
  const hint = 'Is the name right, and is the registry up?';
  return new Interruption(new Failure('unreachable', `${doing}: ${url.host} cannot be reached, or broke off`, { ...details, hint }), {
    isNobodyThere: nobodyThere.test(code),
  });
}

interface Meaning {
  readonly reason: Reason;
  readonly text: string;
  readonly hint?: string;
}

const tooLarge = 'A registry, or a proxy before it, takes no more than some size (client_max_body_size of nginx); ask who runs it.';
const meanings: Readonly<Record<number, Meaning>> = {
  401: { reason: 'refused', text: 'does not accept who we are', hint: 'Log in again: docker login, podman login or skopeo login.' },
  403: { reason: 'refused', text: 'does not allow this', hint: 'Ask for the right to pull from or push to this repository.' },
  404: { reason: 'not-found', text: 'has no such thing' },
  405: { reason: 'refused', text: 'does not take this', hint: 'It may be read-only, or a mirror; push to another one, or only read.' },
  413: { reason: 'over-quota', text: 'finds it too large', hint: tooLarge },
  429: {
    reason: 'server-error',
    text: 'has had too many requests',
    hint: 'Try again later, or log in: many registries give more to those they know.',
  },
  507: { reason: 'over-quota', text: 'is full', hint: 'Make room in the registry, or ask who runs it.' },
};

/** The failure that an answer is, with the server's own words. */
export function statusFailure(status: number, text: string, request: HttpRequest): Failure {
  const said = saidIn(text);
  const isFull = status >= 500 && /no space left|ENOSPC|"Err":28\b|quota/i.test(text);
  const {
    reason,
    text: meaning,
    hint,
  } = meanings[isFull ? 507 : status] ?? {
    reason: 'server-error' as const,
    text: status >= 500 ? 'failed' : 'answered something unexpected',
  };
  return new Failure(reason, `${request.doing}: ${request.url.host} ${meaning} (${status})`, {
    where: placeOf(request),
    ...(said === '' ? {} : { said }),
    ...(hint === undefined ? {} : { hint }),
  });
}
