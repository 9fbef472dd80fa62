import { request as requestHttp, type RequestOptions } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { SilenceError } from './silence.ts';
import type { Transport } from './transport.ts';

/** What a request has to say so that it goes through a proxy. */
export interface Connector {
  readonly options: RequestOptions;
  readonly headers: Record<string, string>;
}

/**
 * How to reach an address through its proxy; undefined where there is none for it. Failure `invalid` where the proxy is no address; throws
 * what the network throws.
 */
export async function connectorFor(url: URL, transport: Transport): Promise<Connector | undefined> {
  const proxy = transport.proxyFor(url);
  if (proxy === undefined) return undefined;
  const login = proxy.username ? `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}` : undefined;
  const headers: Record<string, string> = login ? { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` } : {};
  const through = { hostname: proxy.hostname, port: Number(proxy.port || 80) };
  if (url.protocol === 'http:') {
    return { options: { ...through, path: url.href }, headers: { ...headers, host: url.host } };
  }
  const socket = await tunnel(through, url, headers, transport);
  // A certificate can be asked for by name only, not by address.
  const servername = isIP(url.hostname.replaceAll(/[[\]]/g, '')) ? '' : url.hostname;
  const createConnection = (): Socket => connectTls({ ...transport.tls, socket, host: url.hostname, servername });
  // An agent, also that of `agent: false`, would connect by itself; without one the port is not known, and goes into the header `host`.
  return { options: { agent: undefined, defaultPort: 443, createConnection }, headers: {} };
}

function tunnel(
  through: { hostname: string; port: number },
  url: URL,
  headers: Record<string, string>,
  { limits, signal }: Transport,
): Promise<Socket> {
  const path = `${url.hostname}:${url.port || 443}`;
  return new Promise((resolve, reject) => {
    const options = { ...through, method: 'CONNECT', path, headers: { ...headers, host: path }, agent: false };
    const asking = requestHttp({ ...options, ...(signal ? { signal } : {}) });
    asking.setTimeout(limits.silenceMs, () => asking.destroy(new SilenceError('was silent for too long')));
    asking.on('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(Object.assign(new Error(`the proxy ${through.hostname}:${through.port} answered ${answer.statusCode}`), { code: 'EPROXY' }));
    });
    asking.on('error', reject);
    asking.end();
  });
}
