import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proxies } from '@nx-debian-image/http';
import { listening } from '@nx-debian-image/http/in-tests';
import { type Certificates, makeCertificates } from '@nx-debian-image/http/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TlsFiles } from '../clouds/index.ts';
import { request, type ServiceRequest } from './request.ts';
import { openTransport } from './transport.ts';

const limits = { silenceMs: 2000, finishMs: 2000, waitsMs: [5, 5] };
const noTls: TlsFiles = { verify: true, caFile: undefined, certFile: undefined, keyFile: undefined };
const noProxies: Proxies = { http: undefined, https: undefined, except: undefined };
const serve = async (listener: RequestListener): Promise<string> => `http://${await listening(createServer(listener))}`;
const ask = (url: string, more: Partial<ServiceRequest> = {}, tls = noTls) =>
  request(openTransport(tls, noProxies, limits), { method: 'GET', url: new URL(url), doing: 'asking', ...more });

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
    const quick = openTransport(noTls, noProxies, { ...limits, silenceMs: 100, waitsMs: [] });
    await expect(request(quick, { method: 'GET', url: new URL(url), doing: 'asking' })).rejects.toMatchObject({ reason: 'timeout' });
  });
});

describe('TLS', () => {
  let files: Certificates;
  beforeAll(async () => {
    files = await makeCertificates(await mkdtemp(join(tmpdir(), 'cloud-')));
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
});
