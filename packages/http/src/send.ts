import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { Failure } from '@nx-debian-image/report';
import { type FilePart, type HttpRequest, isFile } from './request.ts';
import type { Limits } from './transport.ts';

const pieceBytes = 256 * 1024;

/** Sends a body and ends the request; sends no more of it once there is an answer or an error. */
export async function sendBody(
  outgoing: ClientRequest,
  body: HttpRequest['body'],
  answered: AbortSignal,
  { acceptMs, finishMs, goAheadMs }: Limits,
): Promise<void> {
  if (!isFile(body)) {
    if (body !== undefined) outgoing.setTimeout(acceptMs);
    outgoing.end(body);
    return;
  }
  if (goAheadMs !== undefined) await mayBegin(outgoing, answered, goAheadMs);
  await sendFile(outgoing, body, answered).catch((error: unknown) => {
    // What broke the sending is told by the answer or by the request's own error; only the file's errors are told here.
    if (!answered.aborted) outgoing.destroy(error as Error);
  });
  if (answered.aborted) return;
  outgoing.setTimeout(finishMs);
  outgoing.end();
}

/**
 * Waits for the server's word to go on (RFC 9110, 10.1.1), for its refusal, or for a while where a server says neither. A refusal that
 * comes while bytes are on their way would be lost with the connection.
 */
function mayBegin(outgoing: ClientRequest, answered: AbortSignal, goAheadMs: number): Promise<void> {
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

async function sendFile(outgoing: ClientRequest, { path, start = 0, size, onBytes }: FilePart, answered: AbortSignal): Promise<void> {
  if (size === 0 || answered.aborted) return;
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
