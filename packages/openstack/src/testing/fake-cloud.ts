import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { listen } from '@nx-debian-image/http/testing';
import { answer, answerHtml, bodyOf } from './fake-answers.ts';
import { fakeGlance, type FakeImage } from './fake-glance.ts';

export type { FakeImage } from './fake-glance.ts';

/** What a test may do to a request before the fake servers see it: `true` where it has answered itself. */
type Mischief = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** A small Keystone and Glance in this process, for what real ones do only rarely. */
export interface FakeCloud {
  /** The Keystone (`/v3`), and the Glance below `/image`. */
  readonly url: string;
  readonly images: Map<string, FakeImage>;
  /** `METHOD path` of every request, in order. */
  readonly requests: string[];
  /** Bodies of the logins. */
  readonly logins: unknown[];
  /** Set by a test; cleared by itself never. */
  mischief: Mischief | undefined;
  /** Makes all tokens invalid. */
  expireTokens(): void;
  close(): Promise<void>;
}

export async function startFakeCloud(tls?: ServerOptions): Promise<FakeCloud> {
  let token = 0;
  let valid = new Set<string>();
  const images = new Map<string, FakeImage>();
  const requests: string[] = [];
  const logins: unknown[] = [];
  let base = '';
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push(`${request.method} ${request.url}`);
    if (await cloud.mischief?.(request, response)) return;
    if (request.url === '/v3/auth/tokens') {
      logins.push(JSON.parse(await bodyOf(request)));
      const name = `token${(token += 1)}`;
      valid.add(name);
      return answer(response, 201, tokenOf(base), { 'x-subject-token': name });
    }
    if (!valid.has(String(request.headers['x-auth-token']))) {
      return answerHtml(response, 401, 'This server could not verify that you are authorized.');
    }
    await fakeGlance(images, request, response);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch(() => response.destroy());
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  const { host, close } = await listen(server);
  base = `${tls ? 'https' : 'http'}://${host}`;
  const cloud: FakeCloud = {
    url: base,
    images,
    requests,
    logins,
    mischief: undefined,
    expireTokens: () => void (valid = new Set()),
    close,
  };
  return cloud;
}

function tokenOf(base: string): object {
  const endpoints = ['RegionOne', 'RegionTwo'].flatMap((region) =>
    ['public', 'internal'].map((face) => ({ interface: face, region_id: region, url: `${base}/image` })),
  );
  const catalog = [
    { type: 'identity', endpoints: [] },
    { type: 'image', endpoints },
  ];
  return { token: { expires_at: '2099-01-01T00:00:00Z', project: { id: 'p1', name: 'demo' }, catalog } };
}
