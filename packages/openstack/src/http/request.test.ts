import { once } from 'node:events';
import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proxies } from '@nx-debian-image/http';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TlsFiles } from '../clouds/index.ts';
import { makeCertificates, type Certificates } from '../testing/certificates.ts';
import type { HttpRequest } from './exchange.ts';
import { request } from './request.ts';
import { openTransport } from './transport.ts';

const limits = { silenceSeconds: 2, finishSeconds: 2, retryAfterMs: [5, 5] };
const noTls: TlsFiles = { verify: true, caFile: undefined, certFile: undefined, keyFile: undefined };
const noProxies: Proxies = { http: undefined, https: undefined, except: undefined };
const servers: Server[] = [];
let folder: string;
let big: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'http-'));
  big = join(folder, 'big');
  await writeFile(big, '');
  await truncate(big, 50_000_000);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function listening(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = async (listener: RequestListener): Promise<string> => `http://${await listening(createServer(listener))}`;
const ask = async (url: string, more: Partial<HttpRequest> = {}, tls = noTls, proxies = noProxies) =>
  request(await openTransport(tls, proxies, limits), { method: 'GET', url, doing: 'asking', ...more });
const putBig = (url: string, more: Partial<HttpRequest> = {}) =>
  ask(url, { method: 'PUT', body: { path: big, size: 50_000_000 }, ...more });

describe('attempts', () => {
  it('asks again after 503 and after a broken connection', async () => {
    let asked = 0;
    const url = await serve((incoming, response) => {
      asked += 1;
      if (asked === 1) return void response.writeHead(503).end();
      if (asked === 2) return void incoming.socket.destroy();
      response.end('third');
    });
    expect(await ask(url)).toMatchObject({ status: 200, text: 'third' });
  });

  it('asks only so often, and gives the last answer', async () => {
    let asked = 0;
    const url = await serve((_, response) => void response.writeHead(502).end(String((asked += 1))));
    expect(await ask(url)).toMatchObject({ status: 502, text: '3' });
  });

  it('never sends a POST twice that may have arrived', async () => {
    let asked = 0;
    const url = await serve((incoming) => {
      asked += 1;
      incoming.socket.destroy();
    });
    await expect(ask(url, { method: 'POST', body: '{}' })).rejects.toMatchObject({ reason: 'unreachable' });
    expect(asked).toBe(1);
  });

  it('tells of a server that is not there, and of one that is silent', async () => {
    await expect(ask('http://127.0.0.1:1/')).rejects.toMatchObject({
      reason: 'unreachable',
      said: expect.stringContaining('ECONNREFUSED'),
    });
    const url = await serve(() => undefined);
    const quick = await openTransport(noTls, noProxies, { ...limits, silenceSeconds: 0.1, retryAfterMs: [] });
    await expect(request(quick, { method: 'GET', url, doing: 'asking' })).rejects.toMatchObject({ reason: 'timeout' });
  });
});

describe('sending a file', () => {
  it('sends its length and all of its bytes, and counts them', async () => {
    let counted = 0;
    let got = 0;
    const url = await serve((incoming, response) => {
      incoming.on('data', (piece: Buffer) => (got += piece.length));
      incoming.on('end', () => response.end(incoming.headers['content-length']));
    });
    const meter = { add: (bytes: number) => void (counted += bytes), done() {} };
    expect(await putBig(url, { body: { path: big, size: 50_000_000, meter } })).toMatchObject({ text: '50000000' });
    expect([counted, got]).toEqual([50_000_000, 50_000_000]);
  });

  it.each([401, 413])('reads a %i that comes before the body was read', async (status) => {
    const url = await serve((_, response) => void response.writeHead(status).end('no'));
    expect(await putBig(url)).toMatchObject({ status, text: 'no' });
  });

  it('tells of a connection that breaks off', async () => {
    const url = await serve((incoming) => void incoming.once('data', () => incoming.socket.destroy()));
    await expect(putBig(url)).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const url = await serve((incoming) => void incoming.once('data', () => stop.abort()));
    await expect(putBig(url, { signal: stop.signal })).rejects.toMatchObject({ reason: 'cancelled' });
  });

  it('throws what is wrong with the file itself', async () => {
    const url = await serve((incoming, response) => void incoming.resume().on('end', () => response.end()));
    await expect(putBig(url, { body: { path: join(folder, 'gone'), size: 5 } })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('TLS', () => {
  let files: Certificates;
  beforeAll(async () => {
    files = await makeCertificates(folder);
  });
  const serveTls = async (more: object = {}): Promise<string> => {
    const keys = { cert: await readFile(files.certFile), key: await readFile(files.keyFile), ...more };
    return `https://${await listening(createTlsServer(keys, (_, response) => response.end('safe')))}`;
  };

  it('trusts the authority of the cloud, or everybody where `verify` is off, and else tells what to do', async () => {
    const url = await serveTls();
    expect(await ask(url, {}, { ...noTls, caFile: files.caFile })).toMatchObject({ text: 'safe' });
    expect(await ask(url, {}, { ...noTls, verify: false })).toMatchObject({ text: 'safe' });
    await expect(ask(url)).rejects.toMatchObject({ reason: 'unreachable', hint: expect.stringContaining('cacert') });
  });

  it('shows its own certificate', async () => {
    const url = await serveTls({ ca: await readFile(files.caFile), requestCert: true, rejectUnauthorized: true });
    expect(await ask(url, {}, { verify: true, caFile: files.caFile, certFile: files.certFile, keyFile: files.keyFile })).toMatchObject({
      text: 'safe',
    });
    await expect(ask(url, {}, { ...noTls, caFile: files.caFile })).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('goes through a proxy, with http and with https', async () => {
    const seen: string[] = [];
    const proxy = createServer((incoming, response) => {
      seen.push(incoming.url!);
      response.end('by proxy');
    });
    proxy.on('connect', (incoming, socket: Socket) => {
      seen.push(`CONNECT ${incoming.url}`);
      const onward = connect(Number(incoming.url!.split(':')[1]), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      onward.once('data', () => seen.push('carried'));
      socket.pipe(onward).pipe(socket);
    });
    const http = `http://${await listening(proxy)}`;
    const url = await serveTls();
    const proxies = { http, https: http, except: undefined };
    expect(await ask('http://glance.example/v2', {}, noTls, proxies)).toMatchObject({ text: 'by proxy' });
    expect(await ask(url, {}, { ...noTls, caFile: files.caFile }, proxies)).toMatchObject({ text: 'safe' });
    expect(seen).toEqual(['http://glance.example/v2', `CONNECT ${new URL(url).host}`, 'carried']);
  });
});
