import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { request as requestHttp, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { connectorFor, SilenceError } from '@nx-debian-image/http';
import type { Meter } from '@nx-debian-image/report';
import type { Transport } from './transport.ts';

/** A file sent as the body, in pieces: memory stays the same for any size. */
interface FileBody {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly meter?: Meter;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FileBody;
  readonly signal?: AbortSignal | undefined;
  /** What the message of a failure begins with, such as `listing images`. */
  readonly doing: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const pieceBytes = 256 * 1024;
const longestAnswer = 64 * 1024 * 1024;

/**
 * One request and its answer, whatever its status; throws what the network throws. Node's `fetch` is not used since it
 * holds a whole body in memory. An answer that comes while the body is still going out (401, 413) ends the sending.
 */
export async function exchange(transport: Transport, request: HttpRequest): Promise<HttpResponse> {
  const url = new URL(request.url);
  const body = request.body;
  const size = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.size;
  const connector = await connectorFor(url, transport, request.signal);
  const outgoing = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: request.method,
    headers: {
      accept: 'application/json',
      ...request.headers,
      ...connector?.headers,
      ...(typeof body === 'object' ? { expect: '100-continue' } : {}),
      ...(body === undefined && request.method !== 'POST' ? {} : { 'content-length': String(size) }),
    },
    agent: false,
    ...transport.tls,
    ...connector?.options,
    ...(request.signal ? { signal: request.signal } : {}),
  });
  outgoing.setTimeout(transport.silenceSeconds * 1000, () => outgoing.destroy(new SilenceError('silent for too long')));
  const answered = new AbortController();
  const answer = readAnswer(outgoing, answered);
  // It may fail while the file is still being sent; it is awaited below.
  answer.catch(() => undefined);
  if (body === undefined || typeof body === 'string') outgoing.end(body);
  else {
    await mayBegin(outgoing, answered.signal);
    await sendFile(outgoing, body, answered.signal, transport.finishSeconds).catch((error: unknown) => {
      // What broke the sending is told by the answer or by the request's own error; only the file's errors are told here.
      if (!answered.signal.aborted) outgoing.destroy(error as Error);
    });
  }
  try {
    return await answer;
  } finally {
    outgoing.destroy();
  }
}

function readAnswer(outgoing: ClientRequest, answered: AbortController): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let hasAnswer = false;
    outgoing.on('error', (error) => {
      answered.abort();
      // After an early answer the rest of our bytes finds a closed connection; what is wrong with the answer itself, its reader tells.
      if (!hasAnswer) reject(error);
    });
    outgoing.on('response', (incoming) => {
      hasAnswer = true;
      answered.abort();
      readText(incoming).then((text) => resolve({ status: incoming.statusCode!, headers: incoming.headers, text }), reject);
    });
  });
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > longestAnswer) throw new Error(`the answer is longer than ${longestAnswer} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

const goAheadMs = 1000;

/**
 * Waits for the server's word to go on (RFC 9110, 10.1.1), for its refusal, or a second for a server that says neither. A refusal
 * that comes while bytes are on their way would be lost with the connection.
 */
function mayBegin(outgoing: ClientRequest, answered: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, goAheadMs);
    const begin = (): void => {
      clearTimeout(timer);
      resolve();
    };
    outgoing.once('continue', begin);
    answered.addEventListener('abort', begin, { once: true });
    outgoing.flushHeaders();
  });
}

async function sendFile(outgoing: ClientRequest, body: FileBody, answered: AbortSignal, finishSeconds: number): Promise<void> {
  if (body.size > 0 && !answered.aborted) {
    const file = createReadStream(body.path, { highWaterMark: pieceBytes, end: body.size - 1, signal: answered });
    for await (const piece of file as AsyncIterable<Buffer>) {
      // Lets an answer that has come be seen first: a write to a connection that the server has closed would lose it.
      await setImmediate();
      if (answered.aborted) return;
      if (!outgoing.write(piece)) await once(outgoing, 'drain', { signal: answered });
      body.meter?.add(piece.length);
    }
  }
  // A store such as Swift or Ceph may take long over the last piece of a large image.
  outgoing.setTimeout(finishSeconds * 1000);
  outgoing.end();
}
