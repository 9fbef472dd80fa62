import { EventEmitter, once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The algorithms that image catalogues ask for. */
export type Algorithm = 'sha256' | 'sha512' | 'md5';
/** Hexadecimal digests by algorithm. */
export type Digests = Readonly<Record<Algorithm, string>>;

export const allAlgorithms: readonly Algorithm[] = ['sha256', 'sha512', 'md5'];

/**
 * Hashes the same bytes in several ways at once, each in a thread of its own. Get a buffer with `free()`, fill it, hand it over with
 * `add()`: it is read by all threads where it is. Always `close()` it.
 */
export interface ParallelHash {
  /** The next buffer that nobody reads any more. */
  free(): Promise<Buffer>;
  /** Hands over the first `length` bytes of the buffer that `free` gave last. */
  add(length: number): void;
  digests(): Promise<Digests>;
  close(): Promise<void>;
}

const bufferSize = 1 << 21;
const bufferCount = 6;

// Plain JavaScript in a string: a worker's file would have to be found, and loaded, in three ways (sources, tests, package).
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const hash = require('node:crypto').createHash(workerData.algorithm);
const buffers = workerData.buffers.map((shared) => new Uint8Array(shared));
parentPort.on('message', ({ index, length }) => {
  if (index === undefined) return parentPort.postMessage({ digest: hash.digest('hex') });
  hash.update(buffers[index].subarray(0, length));
  parentPort.postMessage({ index });
});`;

export function parallelHash(algorithms: readonly Algorithm[] = allAlgorithms): ParallelHash {
  const shared = Array.from({ length: bufferCount }, () => new SharedArrayBuffer(bufferSize));
  const readers = shared.map(() => 0);
  const workers = algorithms.map((algorithm) => {
    const worker = new Worker(program, { eval: true, execArgv: [], workerData: { algorithm, buffers: shared } });
    return { algorithm, worker };
  });
  const found: Partial<Record<Algorithm, string>> = {};
  let failed: Error | undefined;
  const changed = new EventEmitter();
  for (const { algorithm, worker } of workers) {
    worker.on('error', (error: Error) => {
      failed ??= error;
      changed.emit('change');
    });
    worker.on('message', ({ index, digest }: { index?: number; digest?: string }) => {
      if (index !== undefined) readers[index]! -= 1;
      if (digest !== undefined) found[algorithm] = digest;
      changed.emit('change');
    });
  }
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      if (failed) throw failed;
      await once(changed, 'change');
    }
  };
  const tell = (message: { index?: number; length?: number }): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    for (const { worker } of workers) worker.postMessage(message);
  };
  let current = -1;
  return {
    async free() {
      current = (current + 1) % bufferCount;
      await until(() => readers[current] === 0);
      return Buffer.from(shared[current]!);
    },
    add(length) {
      readers[current] = workers.length;
      tell({ index: current, length });
    },
    async digests() {
      tell({});
      await until(() => Object.keys(found).length === workers.length);
      return Object.fromEntries(algorithms.map((algorithm) => [algorithm, found[algorithm]!])) as Digests;
    },
    async close() {
      await Promise.all(workers.map(({ worker }) => worker.terminate()));
    },
  };
}
