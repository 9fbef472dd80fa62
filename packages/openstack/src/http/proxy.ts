import { request as requestHttp, type RequestOptions } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Failure } from '@nx-debian-image/report';
import type { Proxies } from '../clouds/index.ts';
import { SilenceError } from './silence.ts';
import type { Transport } from './transport.ts';

/** What a request has to say so that it goes through a proxy. */
export interface Connector {
  readonly options: RequestOptions;
  readonly headers: Record<string, string>;
}

/** How to reach an address through the proxy of the environment; nothing special where there is none for it. */
export async function connectorFor(url: URL, transport: Transport, signal: AbortSignal | undefined): Promise<Connector> {
  const proxy = proxyFor(url, transport.proxies);
  if (proxy === undefined) return { options: {}, headers: {} };
  const login = proxy.username ? `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}` : undefined;
  const headers: Record<string, string> = login ? { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` } : {};
  const through = { hostname: proxy.hostname, port: Number(proxy.port || 80) };
  if (url.protocol === 'http:') {
    return { options: { ...through, path: url.href }, headers: { ...headers, host: url.host } };
  }
  const socket = await tunnel(through, url, headers, transport.silenceSeconds, signal);
  // A certificate can be asked for by name only, not by address.
  const servername = isIP(url.hostname.replaceAll(/[[\]]/g, '')) ? '' : url.hostname;
  const createConnection = (): Socket => connectTls({ ...transport.tls, socket, host: url.hostname, servername });
  return { options: { createConnection }, headers: {} };
}

/** The proxy for an address, or undefined where it is reached directly (`no_proxy`: hosts, domains, `*`). */
export function proxyFor(url: URL, { http, https, except }: Proxies): URL | undefined {
  const proxy = url.protocol === 'https:' ? https : http;
  if (!proxy) return undefined;
  const direct = (except ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const domain = entry.replace(/^\*?\./, '').toLowerCase();
      return entry === '*' || domain === url.hostname || domain === url.host || url.hostname.endsWith(`.${domain}`);
    });
  if (direct) return undefined;
  const address = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (URL.canParse(address)) return new URL(address);
  throw new Failure('invalid', `the proxy of the environment is no address: ${proxy}`, { where: `${url.protocol.slice(0, -1)}_proxy` });
}

function tunnel(
  through: { hostname: string; port: number },
  url: URL,
  headers: Record<string, string>,
  silenceSeconds: number,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const path = `${url.hostname}:${url.port || 443}`;
  return new Promise((resolve, reject) => {
    const options = { ...through, method: 'CONNECT', path, headers: { ...headers, host: path }, agent: false };
    const asking = requestHttp({ ...options, ...(signal ? { signal } : {}) });
    asking.setTimeout(silenceSeconds * 1000, () => asking.destroy(new SilenceError('silent for too long')));
    asking.on('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy ${through.hostname}:${through.port} answered ${answer.statusCode}`));
    });
    asking.on('error', reject);
    asking.end();
  });
}
