import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '@nx-debian-image/report';

/** How user data begins that cloud-init knows what to do with (its documentation, "User-data formats"). */
const userDataStart = /^(?:#cloud-config|#!|#include|#cloud-boothook|#part-handler|## template:|content-type:|mime-version:)/i;

/** The user data of a file, relative to the workspace. Failures: `not-found`; `invalid` where cloud-init would pass over it. */
export async function readUserData(workspaceRoot: string, path: string): Promise<string> {
  const text = await readGiven(workspaceRoot, path, '--user-data');
  if (userDataStart.test(text)) return text;
  throw new Failure('invalid', `${path} is no user data: cloud-init passes over what it does not know by its first line`, {
    where: '--user-data',
    hint: 'Begin the file with #cloud-config, or with #! where it is a script.',
  });
}

/** The line of a public key of a file, relative to the workspace. Failures: `not-found`; `invalid` for anything else, a private key above all. */
export async function readPublicKey(workspaceRoot: string, path: string): Promise<string> {
  const lines = (await readGiven(workspaceRoot, path, '--key')).split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 1 && /^(?:ssh|ecdsa|sk)-[\w@.-]+ [\w+/=]+/.test(lines[0]!)) return lines[0]!.trim();
  throw new Failure('invalid', `${path} is no public key`, {
    where: '--key',
    hint: 'Name the file that ends with .pub, such as --key=$HOME/.ssh/id_ed25519.pub.',
  });
}

async function readGiven(workspaceRoot: string, path: string, where: string): Promise<string> {
  const whole = resolve(workspaceRoot, path);
  try {
    return await readFile(whole, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Failure('not-found', missing ? `there is no file ${whole}` : `${whole} cannot be read`, { where, cause: error });
  }
}
