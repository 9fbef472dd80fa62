import { SilenceError } from '@nx-debian-image/http';
import { Failure, type Reason } from '@nx-debian-image/report';
import type { HttpRequest, HttpResponse } from './exchange.ts';
import { saidIn } from './said.ts';

const certificateErrors = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_|ERR_TLS_CERT/;
const wrongProtocol = /EPROTO|HPE_/;

/** The failure of a request that got no answer: `cancelled`, `timeout` or `unreachable`. */
export function networkFailure(error: unknown, { doing, method, url, signal }: HttpRequest): Failure {
  const where = `${method} ${url}`;
  if (signal?.aborted) return new Failure('cancelled', `${doing}: cancelled`, { where, cause: error });
  const { host } = new URL(url);
  if (error instanceof SilenceError) {
    return new Failure('timeout', `${doing}: ${host} was ${error.message}`, { where, cause: error });
  }
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  if (certificateErrors.test(code)) {
    return new Failure('unreachable', `${doing}: the certificate of ${host} is not trusted`, {
      where,
      said: message,
      hint: 'Name the file of its authority as `cacert` of the cloud in clouds.yaml, or in OS_CACERT.',
      cause: error,
    });
  }
  return new Failure('unreachable', `${doing}: ${host} cannot be reached`, {
    where,
    said: message || code,
    hint: wrongProtocol.test(code)
      ? 'It does not speak this protocol: is it http:// where https:// is written, or the other way round?'
      : 'Is the address right, and is the cloud up?',
    cause: error,
  });
}

const reasons: Readonly<Record<number, Reason>> = {
  400: 'invalid',
  401: 'refused',
  403: 'refused',
  404: 'not-found',
  409: 'busy',
  413: 'over-quota',
  415: 'invalid',
};
const meanings: Readonly<Record<number, string>> = {
  400: 'the server finds the request wrong',
  401: 'the server does not accept who we are',
  403: 'we may not do this',
  404: 'there is no such thing',
  409: 'it is in use, or changed meanwhile',
  413: 'it is too large for a quota or the store',
  415: 'the server does not take this format',
};
const hints: Readonly<Record<number, string>> = {
  401: 'Are the password, token or application credential still valid?',
  403: 'The role of this user does not allow it; an image that is `public` usually needs an administrator.',
  413: 'Delete images that nobody needs, or ask the administrator of the cloud for a larger quota.',
};

/** The failure that an answer of 400 or above is, with the server's own words. */
export function statusFailure({ status, text }: HttpResponse, { doing, method, url }: HttpRequest): Failure {
  const said = saidIn(text);
  const hint = hints[status];
  return new Failure(reasons[status] ?? 'server-error', `${doing}: ${meanings[status] ?? 'the server failed'} (${status})`, {
    where: `${method} ${url}`,
    ...(said ? { said } : {}),
    ...(hint ? { hint } : {}),
  });
}
