import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../host/index.ts';
import { slice } from '../blocks/slice.ts';
import type { RootRange } from '../boot-files.ts';
import type { FileSystemTools } from '../tools.ts';

interface RecoverOptions {
  readonly root: RootRange;
  readonly epoch: number;
  readonly tools: FileSystemTools;
  readonly signal?: AbortSignal;
}

const chunkSize = 1 << 20;

/**
 * Puts into place what the journal of a disk's root holds, as after power was lost; in the file, which has its folder to itself. e2fsck opens a
 * file system again after that, and then at the begin of the file alone, so it is given the root by itself. Fails as `command-failed` with
 * what it says where more is wrong.
 */
export async function recoverRoot(path: string, { root, epoch, tools, signal }: RecoverOptions): Promise<void> {
  const part = join(dirname(path), 'root');
  const more = signal ? { signal } : {};
  await slice(path, part, { start: root.start, size: root.size, algorithms: [], ...more });
  const command = tools.tool('e2fsck', ['-p', part], { E2FSPROGS_FAKE_TIME: String(epoch) });
  // status 1: it has mended what there was; onLine has its words kept for the failure
  await run(command, { doing: 'recovering the journal of the root file system', accept: [0, 1], onLine: () => {}, ...more });
  await writeBack(part, path, root.start);
}

/** Writes what is other in a part of a file into it; all else keeps its holes. */
async function writeBack(part: string, whole: string, start: number): Promise<void> {
  const [from, to] = [await open(part, 'r'), await open(whole, 'r+')];
  const [own, old] = [Buffer.alloc(chunkSize), Buffer.alloc(chunkSize)];
  try {
    for (let position = 0; ; position += chunkSize) {
      const { bytesRead } = await from.read(own, 0, chunkSize, position);
      if (bytesRead === 0) return;
      await to.read(old, 0, bytesRead, start + position);
      if (own.compare(old, 0, bytesRead, 0, bytesRead) !== 0) await to.write(own, 0, bytesRead, start + position);
    }
  } finally {
    await from.close();
    await to.close();
  }
}
