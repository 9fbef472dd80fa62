import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Failure } from '@nx-debian-image/report';
import { interruptionOf } from './failures.ts';
import type { HttpRequest } from './request.ts';
import type { Transport } from './transport.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** The body of an answer as it comes; an interruption where it breaks off. */
export async function* piecesOf(answer: HttpAnswer, request: HttpRequest, transport: Transport): AsyncGenerator<Buffer> {
  const pieces = (answer.body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => {
        throw interruptionOf(error, request, transport);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** The whole body. Failure `server-error` where it is longer than that many bytes. */
export async function bytesOf(answer: HttpAnswer, request: HttpRequest, transport: Transport, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of piecesOf(answer, request, transport)) {
    size += piece.length;
    if (size > most) throw new Failure('server-error', `${request.doing}: the answer is longer than ${most} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
