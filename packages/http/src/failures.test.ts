import { silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import type { Dialect } from './dialect.ts';
import { Interruption, interruptionOf, statusFailure } from './failures.ts';

const dialect: Dialect = {
  saidIn: (body) => body,
  meaningOf: (status) => (status === 403 ? { hint: 'Ask for it.' } : status === 418 ? { reason: 'invalid', text: 'is a teapot' } : {}),
  hints: { untrusted: 'Name its authority.', notUnderstood: 'It speaks something else.', unreachable: 'Is it up?' },
};
const request = { method: 'GET' as const, url: new URL('https://server.example:8443/a?signature=secret'), doing: 'asking' };

it.each([
  [403, 'refused', 'asking: server.example:8443 does not allow this (403)', 'Ask for it.'],
  [418, 'invalid', 'asking: server.example:8443 is a teapot (418)', undefined],
  [429, 'server-error', 'asking: server.example:8443 has had too many requests (429)', 'Try again later.'],
  [302, 'server-error', 'asking: server.example:8443 answered something unexpected (302)', undefined],
  [500, 'server-error', 'asking: server.example:8443 failed (500)', undefined],
])('tells what %i means, by the dialect first', (status, reason, message, hint) => {
  const failure = statusFailure(status, 'words', request, dialect);
  expect(failure).toMatchObject({ reason, message, hint, said: 'words', where: 'GET https://server.example:8443/a' });
});

const transport = { tls: {}, proxyFor: () => undefined, limits: {} as never, dialect, signal: undefined, progress: silent };
const coded = (code: string, more: object = {}): Error => Object.assign(new Error(code), { code, ...more });

it('is worth another attempt where a connection broke, and not where all would end alike', () => {
  expect(interruptionOf(coded('ECONNREFUSED'), request, transport)).toMatchObject({ isNobodyThere: true, failure: { hint: 'Is it up?' } });
  expect(interruptionOf(coded('ECONNRESET'), request, transport)).toMatchObject({ isNobodyThere: false });
  for (const [code, hint] of [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'Name its authority.'],
    ['EPROTO', 'It speaks something else.'],
  ] as const) {
    const failure = interruptionOf(coded(code), request, transport);
    expect(failure).toMatchObject({ reason: 'unreachable', hint });
    expect(failure).not.toBeInstanceOf(Interruption);
  }
});

it('leaves as they are the errors of files and of this program, and tells of an end that was wanted', () => {
  for (const error of [coded('ENOENT', { path: '/gone' }), new TypeError('a mistake'), new Error('another one')]) {
    expect(interruptionOf(error, request, transport)).toBe(error);
  }
  const signal = AbortSignal.abort();
  expect(interruptionOf(coded('ABORT_ERR'), request, { ...transport, signal })).toMatchObject({ reason: 'cancelled' });
});
