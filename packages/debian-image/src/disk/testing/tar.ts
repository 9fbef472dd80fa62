import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';

export interface TestEntry {
  readonly name: string;
  readonly type?: 'file' | 'link' | 'symlink' | 'character-device' | 'block-device' | 'directory' | 'fifo';
  readonly content?: Buffer | string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly linkname?: string;
  readonly devmajor?: number;
  readonly devminor?: number;
  readonly pax?: Readonly<Record<string, string>>;
}

/** For tests: writes a tar of entries, in their order, of owner 0 and time 1. */
export async function writeTar(path: string, entries: readonly TestEntry[]): Promise<string> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path));
  for (const { content, mode, ...rest } of entries) {
    const header = { mtime: new Date(1000), uid: 0, gid: 0, mode: mode ?? (rest.type === 'directory' ? 0o755 : 0o644), ...rest };
    tar.entry(header as Parameters<typeof tar.entry>[0], Buffer.from(content ?? ''));
  }
  tar.finalize();
  await written;
  return path;
}

/** For tests: a directory, and a file that says its own name. */
export const directory = (name: string): TestEntry => ({ name, type: 'directory' });
export const file = (name: string, content: Buffer | string = name): TestEntry => ({ name, content });

/** For tests: a folder that `use` may fill. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'disk-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** For tests: numbers from 0 to 1 that are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
