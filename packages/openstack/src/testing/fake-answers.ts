import type { IncomingMessage, ServerResponse } from 'node:http';

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

export function answer(response: ServerResponse, status: number, body?: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body ? JSON.stringify(body) : undefined);
}

/** An error as Glance tells it. */
export function answerHtml(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=UTF-8' });
  const page = `<html>\n <head>\n  <title>${status}</title>\n </head>\n <body>\n  <h1>${status} Error</h1>\n  ${text}<br /><br />\n\n\n\n </body>\n</html>`;
  response.end(page);
}
