import { Failure } from '@nx-debian-image/report';
import { type Account, type AuthFile, readAuthFile } from './auth-file.ts';
import type { Credentials } from './credentials.ts';
import { type AskHelper, askHelperFor } from './helper.ts';
import { placesOf } from './places.ts';

/**
 * The credentials for a repository, `host/path`: of each file first the helper of its host, then the longest part of the name that has
 * an entry, then the helper for all. Undefined where nobody has any. Failure `invalid` of a file that is broken.
 */
export async function findCredentials(
  account: string,
  environment: NodeJS.ProcessEnv,
  askHelper: AskHelper | undefined,
): Promise<Credentials | undefined> {
  const { files, isNamed } = placesOf(environment);
  for (const file of files) {
    const content = await readAuthFile(file);
    if (content === undefined && isNamed) {
      throw new Failure('not-found', `the file of credentials is not there: ${file}`, { where: 'REGISTRY_AUTH_FILE' });
    }
    const found = content && (await findIn(content, account, file, askHelper));
    if (found) return found;
  }
  return undefined;
}

async function findIn(
  { auths, credHelpers, credsStore }: AuthFile,
  account: string,
  file: string,
  askHelper: AskHelper | undefined,
): Promise<Credentials | undefined> {
  const host = account.slice(0, account.indexOf('/'));
  const helper = Object.entries(credHelpers ?? {}).find(([key]) => keyOf(key) === host);
  if (helper) return askHelperFor(helper[1], helper[0], file, askHelper);
  const accounts = new Map(Object.entries(auths ?? {}).map(([key, value]) => [keyOf(key), value]));
  for (let part = account; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('/')))) {
    const found = credentialsOf(accounts.get(part), file);
    if (found) return found;
  }
  if (!credsStore) return undefined;
  // docker keeps its own registry under the address of its first one
  return askHelperFor(credsStore, host === 'docker.io' ? 'https://index.docker.io/v1/' : host, file, askHelper);
}

/** A key as docker and podman have written it at some time: with a protocol and the path of an API, or under an old name. */
function keyOf(key: string): string {
  const plain = /^https?:\/\//i.test(key) ? key.replace(/^https?:\/\//i, '').replace(/\/.*$/, '') : key.replace(/\/+$/, '');
  return plain.replace(/^(?:index|registry-1)\.docker\.io(?=\/|$)/, 'docker.io');
}

function credentialsOf(account: Account | null | undefined, from: string): Credentials | undefined {
  if (!account) return undefined;
  if (account.identitytoken) return { kind: 'identity', token: account.identitytoken, from };
  const plain = account.auth ? Buffer.from(account.auth, 'base64').toString('utf8') : `${account.username ?? ''}:${account.password ?? ''}`;
  const colon = plain.indexOf(':');
  if (colon <= 0) return undefined;
  // docker pads with zero bytes
  return { kind: 'password', name: plain.slice(0, colon), password: plain.slice(colon + 1).replace(/\0+$/, ''), from };
}
