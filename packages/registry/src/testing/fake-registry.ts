import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '@nx-debian-image/http/testing';

/** What a test may do to a request before the registry sees it: `true` where it has answered itself. */
type Mischief = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** A small registry in this process, for the bad luck that real ones have only rarely. It has blobs only. */
export interface FakeRegistry {
  readonly host: string;
  /** By digest. */
  readonly blobs: Map<string, Buffer>;
  /** `METHOD path` of every request, in order, with its range and what was shown. */
  readonly requests: string[];
  /** Set by a test, which clears it too. */
  mischief: Mischief | undefined;
  close(): Promise<void>;
}

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const uploads = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const { range, 'content-range': chunk, authorization } = request.headers;
    registry.requests.push([request.method, request.url?.split('?')[0], chunk ?? range, authorization].filter(Boolean).join(' '));
    void (async () => {
      if (await registry.mischief?.(request, response)) return;
      await (request.url!.includes('/uploads/') ? upload : answerBlob)(request, response);
    })().catch(() => response.destroy());
  });
  const answerBlob = (request: IncomingMessage, response: ServerResponse): void => {
    const bytes = registry.blobs.get(request.url!.split('/').at(-1)!);
    if (bytes === undefined) return void response.writeHead(404).end('{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown"}]}');
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': bytes.length - start, ...(start > 0 ? range : {}) });
    response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start));
  };
  const upload = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url!, 'http://registry');
    if (request.method === 'POST') {
      const place = `${url.pathname}${uploads.size + 1}`;
      uploads.set(place, Buffer.alloc(0));
      return void response.writeHead(202, { location: `${place}?state=a%2Bb` }).end();
    }
    const before = uploads.get(url.pathname);
    if (before === undefined || url.searchParams.get('state') !== 'a+b') return void response.writeHead(404).end();
    const bytes = Buffer.concat([before, await buffer(request)]);
    if (request.method === 'PUT') {
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      if (digest !== url.searchParams.get('digest')) return void response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}');
      registry.blobs.set(digest, bytes);
      return void response.writeHead(201).end();
    }
    if (request.method === 'PATCH' && !request.headers['content-range']?.startsWith(`${before.length}-`)) {
      return void response.writeHead(416).end();
    }
    uploads.set(url.pathname, bytes);
    response.writeHead(request.method === 'GET' ? 204 : 202, { location: request.url!, range: `0-${Math.max(0, bytes.length - 1)}` }).end();
  };
  const { host, close } = await listen(server);
  const registry: FakeRegistry = {
    host,
    blobs: new Map(),
    requests: [],
    mischief: undefined,
    close,
  };
  return registry;
}
