import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { Failure } from '@nx-debian-image/report';

/** What a public key begins with, before its 32 bytes as base64url (RFC 8037, `x`). */
const prefix = 'ed25519:';

export function newPrivateKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** A private key as its file has it: PKCS#8 in PEM. */
export function privateText(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** A private key from its PEM. Failure `invalid`, which names the place and never what is there. */
export function parsePrivateKey(text: string, where: string): KeyObject {
  const key = attempt(() => createPrivateKey(text));
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new Failure('invalid', 'this is no private ed25519 key in PEM', { where, hint: 'Make one: `npx nx-debian-image key`.' });
}

/** The public half of a key as one line for nx.json. */
export function publicLine(key: KeyObject): string {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return `${prefix}${x}`;
}

/** The key of such a line. Failure `invalid`. */
export function parsePublicKey(line: string, where: string): KeyObject {
  const x = line.startsWith(prefix) ? line.slice(prefix.length) : '';
  const key = attempt(() => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }));
  if (key !== undefined) return key;
  throw new Failure('invalid', `${JSON.stringify(line)} is no public key`, {
    where,
    hint: `It is a line that begins with ${prefix}, as \`npx nx-debian-image key\` says it.`,
  });
}

/** The signature of a text by a private key, in base64. */
export function signatureOf(text: string, key: KeyObject): string {
  return sign(undefined, Buffer.from(text), key).toString('base64');
}

/** Whether a signature is that of a text by the key of a public line. */
export function isSignature(signature: string, text: string, line: string): boolean {
  return verify(undefined, Buffer.from(text), parsePublicKey(line, line), Buffer.from(signature, 'base64'));
}

function attempt(make: () => KeyObject): KeyObject | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
