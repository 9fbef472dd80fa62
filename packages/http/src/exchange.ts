import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { HttpAnswer } from './answer.ts';
import { type Connector, connectorFor } from './connector.ts';
import { interruptionOf } from './failures.ts';
import { type HttpRequest, isFile } from './request.ts';
import { sendBody } from './send.ts';
import { SilenceError } from './silence.ts';
import type { Transport } from './transport.ts';

/**
 * One request and its answer, whatever its status, with the body still to come; an interruption where there is none. Node's `fetch` is
 * not used, since a body that it sends or a reader that is slow costs memory. An answer that comes while the body is still going out
 * (401, 413) ends the sending.
 */
export async function exchange(transport: Transport, request: HttpRequest): Promise<HttpAnswer> {
  try {
    const outgoing = begin(transport, request, await connectorFor(request.url, transport));
    limitTime(outgoing, transport);
    const answered = new AbortController();
    const answer = answerTo(outgoing, answered);
    // It may fail while the body is still being sent; it is awaited below.
    answer.catch(() => undefined);
    await sendBody(outgoing, request.body, answered.signal, transport.limits);
    const incoming = await answer;
    outgoing.setTimeout(transport.limits.silenceMs);
    return { status: incoming.statusCode!, headers: incoming.headers, body: incoming };
  } catch (error) {
    throw interruptionOf(error, request, transport);
  }
}

/** A request whose body is still to be sent. */
function begin(transport: Transport, { url, method, headers, body }: HttpRequest, connector: Connector | undefined): ClientRequest {
  const { agents, tls, limits, signal } = transport;
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
  return (protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method,
    headers: {
      'user-agent': 'nx-debian-image',
      'accept-encoding': 'identity',
      ...transport.headers,
      ...headers,
      ...connector?.headers,
      ...(isFile(body) && limits.goAheadMs !== undefined ? { expect: '100-continue' } : {}),
      ...(body === undefined && !takesBody.has(method) ? {} : { 'content-length': String(sizeOf(body)) }),
    },
    agent: (connector === undefined && agents?.[protocol]) || false,
    ...tls,
    ...connector?.options,
    signal,
  });
}

/** Servers want a length of these also where nothing is sent. */
const takesBody = new Set<string>(['POST', 'PUT', 'PATCH']);

function sizeOf(body: HttpRequest['body']): number {
  return body === undefined ? 0 : isFile(body) ? body.size : Buffer.byteLength(body);
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
