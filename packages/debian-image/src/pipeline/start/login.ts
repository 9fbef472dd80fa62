import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeKeyPair } from '../../machine/index.ts';
import { readPublicKey } from './given-files.ts';

/** Who can log in to a machine. */
export interface Login {
  /** A line for authorized_keys. */
  readonly publicKey: string;
  /** The file of the private key, where this program knows it. */
  readonly privateKey?: string | undefined;
}

/** The person's own key, of a file relative to the workspace; else one that is made for this machine in a folder. Failures: those of `readPublicKey`. */
export async function prepareLogin(
  key: string | undefined,
  { workspaceRoot, folder, signal }: { readonly workspaceRoot: string; readonly folder: string; readonly signal: AbortSignal },
): Promise<Login> {
  if (key === undefined) return makeKeyPair(folder, signal);
  return { publicKey: await readPublicKey(workspaceRoot, key), privateKey: besidePublic(resolve(workspaceRoot, key)) };
}

/** The private key beside a public one, where it is there; else ssh asks its agent. */
function besidePublic(path: string): string | undefined {
  const privateKey = path.replace(/\.pub$/, '');
  return privateKey !== path && existsSync(privateKey) ? privateKey : undefined;
}
