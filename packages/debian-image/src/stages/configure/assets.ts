import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StagedFile } from './files.ts';

/** The name of the script among the assets. */
export const scriptName = 'configure.sh';

/** The room for what the steps add, in bytes. */
export const growth = 512 << 20;

/** Lays the script and all that it puts into the tree or runs into a folder that the tree will see. */
export async function stageAssets(script: string, staged: readonly StagedFile[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, source } of staged) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target);
    await chmod(target, 0o755);
  }
  await writeFile(join(folder, scriptName), script);
}
