import { bytesOf, exchange, type HttpRequest, Interruption, placeOf, retryAfter, type Transport } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import type { Credentials } from '../credentials/index.ts';

export interface Token {
  readonly text: string;
  /** When another one should be had, in milliseconds of `Date.now`. */
  readonly renewAt: number;
}

export interface TokenQuestion {
  readonly realm: URL;
  readonly service: string | undefined;
  /** Such as `repository:team/images:pull,push`. */
  readonly scope: string;
  readonly credentials: Credentials | undefined;
  readonly doing: string;
}

const longestAnswer = 1 << 20;
/** How long a token is good that does not say so, in seconds, and before its end it is renewed (docker's token specification). */
const usualSeconds = 60;
const earlySeconds = 10;

/** Asks a token server. Failure `refused` where it does not accept the credentials; what it says is not told, for it has seen them. */
export async function askToken(transport: Transport, question: TokenQuestion): Promise<Token> {
  const request = requestFor(question);
  const answer = await exchange(transport, request);
  const body = await bytesOf(answer, request, transport, longestAnswer);
  const { host } = question.realm;
  const where = placeOf(request);
  if (answer.status === 429 || answer.status >= 500) {
    const failure = new Failure('server-error', `${question.doing}: the token server ${host} failed (${answer.status})`, { where });
    const wanted = retryAfter(answer.headers['retry-after']);
    throw new Interruption(failure, wanted === undefined ? {} : { retryAfterMs: wanted });
  }
  if (answer.status !== 200) {
    const who = question.credentials ? `the credentials of ${question.credentials.from}` : 'us without credentials';
    throw new Failure('refused', `${question.doing}: the token server ${host} does not accept ${who} (${answer.status})`, {
      where,
      hint: 'Log in: docker login, podman login or skopeo login.',
    });
  }
  const token = parseToken(body);
  if (token === undefined) throw new Failure('server-error', `${question.doing}: the token server ${host} gave no token`, { where });
  return token;
}

function requestFor({ realm, service, scope, credentials, doing }: TokenQuestion): HttpRequest {
  const asked = { ...(service === undefined ? {} : { service }), scope };
  if (credentials?.kind === 'identity') {
    const grant = { grant_type: 'refresh_token', client_id: 'nx-debian-image', refresh_token: credentials.token };
    const body = Buffer.from(new URLSearchParams({ ...asked, ...grant }).toString());
    return { method: 'POST', url: realm, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body, doing };
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(asked)) url.searchParams.append(name, value);
  return { method: 'GET', url, headers: credentials === undefined ? {} : { authorization: basic(credentials) }, doing };
}

function parseToken(body: Buffer): Token | undefined {
  try {
    const { token, access_token: accessToken, expires_in: seconds } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    const text = token ?? accessToken;
    // It becomes a header.
    if (typeof text !== 'string' || !/^[\x21-\x7E]+$/.test(text)) return undefined;
    const lasts = typeof seconds === 'number' && seconds > 0 ? seconds : usualSeconds;
    return { text, renewAt: Date.now() + Math.max(lasts - earlySeconds, lasts / 2) * 1000 };
  } catch {
    return undefined;
  }
}

/** A name and a password as a header says them (RFC 7617). */
export function basic({ name, password }: { readonly name: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}
