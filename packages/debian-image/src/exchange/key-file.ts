import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { inFolder } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { newPrivateKey, parsePrivateKey, privateText, publicLine } from './keys.ts';

/** Where a person's key is that nobody gives another place. */
export function usualKeyFile(environment: NodeJS.ProcessEnv): string {
  const folder = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
  return join(folder, 'nx-debian-image/registry.pem');
}

/**
 * Gives the public line of the private key in a file, which is made where it is not there, for this user alone to read. A key that is there is
 * never replaced. Failure `invalid` where the file has something else, or cannot be written.
 */
export async function keyInFile(path: string, progress: Progress): Promise<string> {
  const key = newPrivateKey();
  const isNew = await inFolder(dirname(path), async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return writeFile(path, privateText(key), { mode: 0o600, flag: 'wx' }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
  });
  progress.note(`the private key is ${isNew ? 'now' : 'already'} in ${path}: keep it secret`);
  return publicLine(isNew ? key : parsePrivateKey(await readFile(path, 'utf8'), path));
}
