import { run } from '../../host/index.ts';
import type { FileSystemTools } from '../tools.ts';

interface CheckOptions {
  readonly tools: FileSystemTools;
  /** See `within`. */
  readonly device: string;
  readonly signal?: AbortSignal;
}

/** Looks whether a file system is sound; nothing is changed. Fails as `command-failed` with what e2fsck says. */
export async function checkExt4({ tools, device, signal }: CheckOptions): Promise<void> {
  // e2fsck tells what it finds on standard output; onLine has it kept for the failure.
  await run(tools.tool('e2fsck', ['-fn', device]), {
    doing: 'checking the root file system',
    onLine: () => {},
    ...(signal ? { signal } : {}),
  });
}
