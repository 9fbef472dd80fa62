import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterwards } from '../../../host/testing/afterwards.ts';

/** What a mirror does instead of giving a file. */
export type Mischief = (bytes: Buffer, response: ServerResponse) => void;

/** Gives half of a file and breaks off. */
export const breakOff: Mischief = (bytes, response) => {
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(() => response.destroy(), 50));
};

/** Gives other bytes, as many as there should be. */
export const giveOthers: Mischief = (bytes, response) => {
  response.writeHead(200, { 'content-length': bytes.length });
  response.end(Buffer.alloc(bytes.length, 'other'));
};

export interface TestMirror {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: string[];
  readonly mischief: Map<string, Mischief>;
  close(): void;
}

/** For tests: serves a folder over http on loopback until the tests end. */
export async function serve(folder: string): Promise<TestMirror> {
  const asked: string[] = [];
  const mischief = new Map<string, Mischief>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1));
    asked.push(path);
    readFile(join(folder, path)).then(
      (bytes) => (mischief.get(path) ?? give)(bytes, response),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  afterwards(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, mischief, close };
}

const give: Mischief = (bytes, response) => void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
