import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Failure } from '@nx-debian-image/report';
import type { Digest } from './manifest.ts';

/** A digest and the number of bytes it stands for. */
export interface Hashed {
  readonly digest: Digest;
  readonly size: number;
}

const chunkBytes = 1 << 20;

/** Whether a text is a sha256 digest as OCI writes it. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The hexadecimal part of a digest. Failure `bad-digest` for anything else: it becomes a file name, and manifests come from outside. */
export function hexOf(digest: Digest): string {
  if (!isDigest(digest)) throw new Failure('bad-digest', `${JSON.stringify(digest)} is not a sha256 digest`);
  return digest.slice('sha256:'.length);
}

/** The digest of bytes in memory; text counts as UTF-8. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The digest and size of a file, read once; `onBytes` hears of every piece read. */
export async function hashFile(path: string, onBytes?: (count: number) => void): Promise<Hashed> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunksOf(path)) {
    hash.update(chunk);
    size += chunk.length;
    onBytes?.(chunk.length);
  }
  return { digest: `sha256:${hash.digest('hex')}`, size };
}

/** A file in pieces of 1 MiB. Each piece is only good until the next is asked for: they share one buffer. */
export async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Hashes and counts bytes on their way: `pass` gives them on, and `result` says what has passed. */
export function hashing(): { pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer>; result(): Hashed } {
  const hash = createHash('sha256');
  let size = 0;
  return {
    async *pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of source) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    result: (): Hashed => ({ digest: `sha256:${hash.digest('hex')}`, size }),
  };
}
