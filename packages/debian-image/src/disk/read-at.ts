import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes of something by position; fewer than asked for where it ends. What `read` gives is valid until the next `read`. */
export interface ReadAt {
  readonly size: number;
  read(position: number, length: number): Buffer;
}

/** How much of a file is read at once: few calls where it is read forwards. */
const windowSize = 1 << 20;

/** Bytes in memory as ReadAt. */
export function readBuffer(bytes: Buffer): ReadAt {
  return { size: bytes.length, read: (position, length) => bytes.subarray(position, position + length) };
}

/** Opens a file for `use` and closes it after; at least `window` bytes are read at once. */
export function withFile<T>(path: string, use: (file: ReadAt) => T, window = windowSize): T {
  const descriptor = openSync(path, 'r');
  try {
    return use(windowed(descriptor, window));
  } finally {
    closeSync(descriptor);
  }
}

function windowed(descriptor: number, window: number): ReadAt {
  let buffer = Buffer.allocUnsafe(window);
  let from = 0;
  let until = 0;
  return {
    size: fstatSync(descriptor).size,
    read(position, length) {
      if (position < from || position + length > until) {
        if (length > buffer.length) buffer = Buffer.allocUnsafe(length);
        from = position;
        until = position + readSync(descriptor, buffer, 0, buffer.length, position);
      }
      return buffer.subarray(position - from, Math.min(position - from + length, until - from));
    },
  };
}
