import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { type Connector, connectorFor, SilenceError } from '@nx-debian-image/http';
import { Failure } from '@nx-debian-image/report';
import { isLoopback } from '../name.ts';
import type { HttpAnswer } from './answer.ts';
import { interruptionOf } from './failures.ts';
import type { FilePart, HttpRequest } from './request.ts';
import type { Transport } from './transport.ts';

const pieceBytes = 256 * 1024;

/**
 * One request and its answer, whatever its status, with the body still to come; an interruption where there is none. Node's `fetch` is
 * not used, since a body that it sends or a reader that is slow costs memory. An answer that comes while the body is still going out
 * (401, 413) ends the sending.
 */
export async function exchange(transport: Transport, request: HttpRequest): Promise<HttpAnswer> {
  const { body, url, method } = request;
  const { limits, signal } = transport;
  const size = body === undefined ? 0 : 'path' in body ? body.size : body.length;
  const connector = await connectorOf(transport, request);
  const outgoing = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method,
    headers: {
      'user-agent': 'nx-debian-image',
      'accept-encoding': 'identity',
      ...request.headers,
      ...connector?.headers,
      ...(method === 'GET' || method === 'HEAD' ? {} : { 'content-length': String(size) }),
    },
    agent: connector === undefined && transport.agents[url.protocol === 'https:' ? 'https:' : 'http:'],
    ...connector?.options,
    signal,
  });
  limitTime(outgoing, transport);
  const answered = new AbortController();
  const answer = answerTo(outgoing, answered);
  // It may fail while the file is still being sent; it is awaited below.
  answer.catch(() => undefined);
  if (size === 0 || body === undefined) outgoing.end();
  else if (await isSent(outgoing, body, answered.signal)) {
    outgoing.setTimeout(limits.finishMs);
    outgoing.end();
  }
  try {
    const incoming = await answer;
    outgoing.setTimeout(limits.silenceMs);
    return { status: incoming.statusCode!, headers: incoming.headers, body: incoming };
  } catch (error) {
    throw interruptionOf(error, request, signal);
  }
}

/** The way through a proxy; undefined where there is none for it, as for this machine itself. */
async function connectorOf({ tls, proxies, limits, signal }: Transport, request: HttpRequest): Promise<Connector | undefined> {
  if (isLoopback(request.url.hostname)) return undefined;
  const way = { tls, proxies, silenceSeconds: limits.silenceMs / 1000 };
  return connectorFor(request.url, way, signal).catch((error: unknown) => {
    throw interruptionOf(error, request, signal);
  });
}

/** Ends a request whose server does not connect, or is silent: before it answers, and in the middle of its body. */
function limitTime(outgoing: ClientRequest, { limits }: Transport): void {
  const connecting = setTimeout(() => outgoing.destroy(new SilenceError('does not connect')), limits.connectMs);
  const connected = (): void => clearTimeout(connecting);
  outgoing.once('close', connected);
  outgoing.once('socket', (socket) => {
    if (socket.connecting) socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', connected);
    else connected();
  });
  let answering: IncomingMessage | undefined;
  outgoing.once('response', (incoming) => void (answering = incoming));
  // The reader of an answer hears only of what becomes of the answer itself.
  outgoing.setTimeout(limits.silenceMs, () => (answering ?? outgoing).destroy(new SilenceError('was silent for too long')));
}

function answerTo(outgoing: ClientRequest, answered: AbortController): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', (error) => {
      answered.abort();
      // After an answer it is of no use here: what is wrong with the body, its reader is told.
      reject(error);
    });
    outgoing.on('response', (incoming) => {
      // Until somebody reads it: an error that nobody hears of would end this process.
      incoming.on('error', () => undefined);
      // What was not sent is not sent any more, and no other request may follow on this connection.
      if (!outgoing.writableEnded) incoming.once('close', () => outgoing.destroy());
      answered.abort();
      resolve(incoming);
    });
  });
}

/** Sends a body; false where an answer or an error came first. */
async function isSent(outgoing: ClientRequest, body: Uint8Array | FilePart, answered: AbortSignal): Promise<boolean> {
  if ('path' in body) {
    await sendFile(outgoing, body, answered).catch((error: unknown) => {
      // What broke the sending is told by the answer or by the request's own error; only the file's errors are told here.
      if (!answered.aborted) outgoing.destroy(error as Error);
    });
  } else outgoing.write(body);
  return !answered.aborted;
}

async function sendFile(outgoing: ClientRequest, { path, start, size, onBytes }: FilePart, answered: AbortSignal): Promise<void> {
  let sent = 0;
  const file = createReadStream(path, { highWaterMark: pieceBytes, start, end: start + size - 1, signal: answered });
  for await (const piece of file as AsyncIterable<Buffer>) {
    // Lets an answer that has come be seen first: a write to a connection that the server has closed would lose it.
    await setImmediate();
    if (answered.aborted) return;
    if (!outgoing.write(piece)) await once(outgoing, 'drain', { signal: answered });
    sent += piece.length;
    onBytes?.(piece.length);
  }
  if (sent < size) throw new Failure('bad-digest', `${path} is shorter than it should be`);
}
