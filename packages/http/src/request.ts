/** A part of a file as the body of a request, sent in pieces: memory stays the same for any size. */
export interface FilePart {
  readonly path: string;
  /** The first byte of it; that of the file where not given. */
  readonly start?: number;
  readonly size: number;
  readonly onBytes?: (count: number) => void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | FilePart;
  /** What the message of a failure begins with, such as `pulling sha256:8f3a from registry.example/team/images`. */
  readonly doing: string;
}

/** A body that is a file. */
export function isFile(body: HttpRequest['body']): body is FilePart {
  return typeof body === 'object' && 'path' in body;
}

/** A request to read in the message of a failure. A query may hold a signature, so it is left out. */
export function placeOf({ method, url }: HttpRequest): string {
  return `${method} ${url.origin}${url.pathname}`;
}
