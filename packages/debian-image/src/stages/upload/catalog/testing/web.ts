import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { command, run } from '../../../../host/index.ts';

/** Any web server, over https on loopback until the tests end: `url`, and `certificate`, the file with what to trust. */
export async function serve(folder: string, keys: string): Promise<{ url: string; certificate: string }> {
  const [key, certificate] = [join(keys, 'key.pem'), join(keys, 'certificate.pem')];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', certificate];
  await run(command('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...name]), {
    doing: 'making a certificate',
  });
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (request, response) => {
    send(folder, request.url ?? '/', response).catch(() => response.writeHead(404).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, certificate };
}

async function send(folder: string, url: string, response: ServerResponse): Promise<void> {
  const file = join(folder, decodeURIComponent(new URL(url, 'https://127.0.0.1').pathname));
  response.writeHead(200, { 'content-length': (await stat(file)).size });
  createReadStream(file).pipe(response);
}
