import { createHash } from 'node:crypto';
import { constants, copyFile, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { chunksOf, type Hashed } from './digest.ts';
import { inFolder } from './file-errors.ts';

const blockBytes = 1 << 16;
const zeros = Buffer.alloc(blockBytes);

/** Writes bytes into a new file, leaving a hole where 64 KiB are zero; gives their digest and size. Synced to the disk once, at the end. */
export async function writeSparse(
  source: AsyncIterable<Uint8Array | string>,
  path: string,
  onBytes?: (count: number) => void,
): Promise<Hashed> {
  const folder = dirname(path);
  const handle = await inFolder(folder, () => open(path, 'wx', 0o644));
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const piece of source) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
      hash.update(chunk);
      await inFolder(folder, () => writeData(handle, chunk, size));
      size += chunk.length;
      onBytes?.(chunk.length);
    }
    await inFolder(folder, async () => {
      await handle.truncate(size);
      await handle.sync();
    });
    return { digest: `sha256:${hash.digest('hex')}`, size };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Copies a file into a new one: shares its blocks where the file system can, else copies them and keeps holes. Failure `no-space`. */
export async function copySparse(source: string, target: string, onBytes?: (count: number) => void): Promise<void> {
  try {
    await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
  } catch {
    await writeSparse(chunksOf(source), target, onBytes);
  }
}

async function writeData(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let begin = 0;
  for (let at = 0; at <= chunk.length; at += blockBytes) {
    const block = chunk.subarray(at, at + blockBytes);
    if (block.length > 0 && zeros.compare(block, 0, block.length, 0, block.length) !== 0) continue;
    // Up to here there is data, from here a hole (or the end).
    await writeAll(handle, chunk.subarray(begin, Math.min(at, chunk.length)), position + begin);
    begin = at + block.length;
  }
  if (begin < chunk.length) await writeAll(handle, chunk.subarray(begin), position + begin);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
