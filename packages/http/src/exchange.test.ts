import { readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { silent } from '@nx-debian-image/report';
import { describe, expect, it } from 'vitest';
import { bytesOf } from './answer.ts';
import { exchange } from './exchange.ts';
import { patiently } from './patience.ts';
import { type Proxies, proxyFor } from './proxies.ts';
import type { HttpRequest } from './request.ts';
import { makeCertificates } from './testing/certificates.ts';
import { listening, temporaryFolder } from './testing/in-tests.ts';
import type { Transport } from './transport.ts';

const transport: Transport = {
  tls: {},
  proxyFor: () => undefined,
  limits: { connectMs: 2000, silenceMs: 2000, acceptMs: 2000, finishMs: 2000, goAheadMs: 1000, waitsMs: [] },
  dialect: {
    saidIn: (body) => body,
    meaningOf: () => ({}),
    hints: { untrusted: 'Name its authority.', notUnderstood: 'It speaks something else.', unreachable: 'Is it up?' },
  },
  signal: undefined,
  progress: silent,
};
const bigSize = 50_000_000;

const serve = async (listener: RequestListener): Promise<string> => `http://${await listening(createServer(listener))}`;

/** One attempt, and the whole answer. */
async function ask(url: string, more: Partial<HttpRequest> = {}, way: Partial<Transport> = {}): Promise<{ status: number; text: string }> {
  const request: HttpRequest = { method: 'GET', url: new URL(url), doing: 'asking', ...more };
  const used = { ...transport, ...way };
  return patiently(used, async () => {
    const answer = await exchange(used, request);
    return { status: answer.status, text: (await bytesOf(answer, request, used, 1000)).toString() };
  });
}

async function bigFile(): Promise<string> {
  const big = join(await temporaryFolder(), 'big');
  await writeFile(big, '');
  await truncate(big, bigSize);
  return big;
}
const putBig = async (url: string, way: Partial<Transport> = {}) =>
  ask(url, { method: 'PUT', body: { path: await bigFile(), size: bigSize } }, way);

describe('sending a file', () => {
  it('sends its length and all of its bytes, and counts them', async () => {
    let counted = 0;
    let got = 0;
    const url = await serve((incoming, response) => {
      incoming.on('data', (piece: Buffer) => (got += piece.length));
      incoming.on('end', () => response.end(incoming.headers['content-length']));
    });
    const body = { path: await bigFile(), size: bigSize, onBytes: (bytes: number) => void (counted += bytes) };
    expect(await ask(url, { method: 'PUT', body })).toMatchObject({ text: String(bigSize) });
    expect([counted, got]).toEqual([bigSize, bigSize]);
  });

  it('sends the part that is asked for, with or without the word of the server', async () => {
    const path = join(await temporaryFolder(), 'letters');
    await writeFile(path, 'abcdef');
    const url = await serve((incoming, response) => {
      void text(incoming).then((got) => response.end(`${incoming.headers.expect} ${got}`));
    });
    const request = { method: 'PUT' as const, body: { path, start: 2, size: 3 } };
    expect(await ask(url, request)).toMatchObject({ text: '100-continue cde' });
    const { goAheadMs, ...limits } = transport.limits;
    expect(await ask(url, request, { limits })).toMatchObject({ text: 'undefined cde' });
    expect(goAheadMs).toBeDefined();
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
    const folder = await temporaryFolder();
    const put = (path: string) => ask(url, { method: 'PUT', body: { path, size: 5 } });
    await expect(put(join(folder, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(join(folder, 'short'), 'abc');
    await expect(put(join(folder, 'short'))).rejects.toMatchObject({ reason: 'bad-digest' });
  });
});

it('takes no answer that is longer than it may be', async () => {
  const url = await serve((_, response) => void response.end('x'.repeat(1001)));
  await expect(ask(url)).rejects.toMatchObject({ reason: 'server-error', message: expect.stringContaining('longer than 1000 bytes') });
});

it('tells of what speaks another protocol', async () => {
  const url = await serve((_, response) => void response.end());
  await expect(ask(url.replace('http:', 'https:'))).rejects.toMatchObject({ reason: 'unreachable', hint: 'It speaks something else.' });
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
    onward.once('close', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  const http = `http://${await listening(proxy)}`;
  const { caFile, certFile, keyFile } = await makeCertificates(await temporaryFolder());
  const keys = { cert: await readFile(certFile), key: await readFile(keyFile) };
  const host = await listening(createTlsServer(keys, (_, response) => response.end('safe')));
  const proxies: Proxies = { http, https: http, except: undefined };
  const way: Partial<Transport> = { proxyFor: (url) => proxyFor(url, proxies), tls: { ca: await readFile(caFile) } };
  expect(await ask('http://glance.example/v2', {}, way)).toMatchObject({ text: 'by proxy' });
  expect(await ask(`https://${host}`, {}, way)).toMatchObject({ text: 'safe' });
  expect(seen).toEqual(['http://glance.example/v2', `CONNECT ${host}`, 'carried']);
});
