import { randomUUID, sign, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { listen, makeCertificate } from '@nx-debian-image/http/testing';
import { type TokenAuth, testUser } from './configuration.ts';

/** What a user whose password was forgotten shows in its place. */
export const identityToken = 'an-identity-token';

/** A token server on loopback, as docker's specification has it: whoever comes may pull, the user of the tests may push. */
export interface TokenServer extends TokenAuth {
  /** The scopes that were asked for, with who asked. */
  readonly asked: string[];
  /** Seconds that a token is said to be good. */
  lasts: number;
  close(): Promise<void>;
}

export async function startTokenServer(folder: string): Promise<TokenServer> {
  const [certificate, keyFile] = [join(folder, 'issuer.pem'), join(folder, 'issuer.key')];
  await makeCertificate(certificate, keyFile);
  const key = await readFile(keyFile, 'utf8');
  const x5c = [new X509Certificate(await readFile(certificate)).raw.toString('base64')];
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = (claims: object): string => {
    const content = `${encoded({ typ: 'JWT', alg: 'ES256', x5c })}.${encoded(claims)}`;
    return `${content}.${sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const server = createServer((request, response) => {
    questionIn(request).then(
      ({ user, scope, service }) => {
        tokens.asked.push(`${user ?? 'anybody'} ${scope}`);
        if (user !== undefined && user !== testUser.name) return response.writeHead(401).end();
        const [type, name, actions = ''] = scope.split(':');
        const granted = actions.split(',').filter((action) => user !== undefined || action === 'pull');
        const now = Math.floor(Date.now() / 1000);
        const times = { iat: now, nbf: now - 10, exp: now + 300 };
        const access = [{ type, name, actions: granted }];
        const token = signed({ iss: tokens.issuer, sub: user ?? '', aud: service, jti: randomUUID(), ...times, access });
        return response.setHeader('content-type', 'application/json').end(JSON.stringify({ token, expires_in: tokens.lasts }));
      },
      () => response.destroy(),
    );
  });
  const { host, close } = await listen(server);
  const tokens: TokenServer = {
    realm: `http://${host}/token`,
    service: 'the registry of the tests',
    issuer: 'the token server of the tests',
    certificate,
    asked: [],
    lasts: 300,
    close,
  };
  return tokens;
}

async function questionIn(request: IncomingMessage): Promise<{ user: string | undefined; scope: string; service: string }> {
  const isGrant = request.method === 'POST';
  const parameters = isGrant ? new URLSearchParams(await text(request)) : new URL(request.url!, 'http://tokens').searchParams;
  const shown = Buffer.from(request.headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
  const isUser = isGrant ? parameters.get('refresh_token') === identityToken : shown === `${testUser.name}:${testUser.password}`;
  const isAnonymous = !isGrant && shown === '';
  const user = isUser ? testUser.name : isAnonymous ? undefined : 'somebody else';
  return { user, scope: parameters.get('scope') ?? '', service: parameters.get('service') ?? '' };
}
