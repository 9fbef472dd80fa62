import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { isSignature, newPrivateKey, parsePrivateKey, parsePublicKey, privateText, publicLine, signatureOf } from './keys.ts';

it('signs what the line of its public half proves, and nothing else', () => {
  const [key, other] = [newPrivateKey(), newPrivateKey()];
  const signature = signatureOf('text', key);
  expect(isSignature(signature, 'text', publicLine(key))).toBe(true);
  expect(isSignature(signature, 'another text', publicLine(key))).toBe(false);
  expect(isSignature(signature, 'text', publicLine(other))).toBe(false);
  expect(isSignature('', 'text', publicLine(key))).toBe(false);
});

it('reads again what it has written', () => {
  const key = newPrivateKey();
  expect(publicLine(parsePrivateKey(privateText(key), 'here'))).toBe(publicLine(key));
  expect(publicLine(parsePublicKey(publicLine(key), 'here'))).toBe(publicLine(key));
  expect(publicLine(key)).toMatch(/^ed25519:[\w-]{43}$/);
});

it('names the place of what is no key, and never says a private one', () => {
  const secret = privateText(newPrivateKey()).replaceAll('M', 'N');
  const error = attempt(() => parsePrivateKey(secret, 'team.pem'));
  expect(error).toMatchObject({ reason: 'invalid', where: 'team.pem' });
  expect(JSON.stringify(error) + error.message).not.toContain(secret.split('\n')[1]);
  for (const line of ['', 'ed25519:', 'ed25519:AAAA', publicLine(newPrivateKey()).slice('ed25519:'.length)]) {
    expect(attempt(() => parsePublicKey(line, 'nx.json'))).toMatchObject({ reason: 'invalid', where: 'nx.json' });
  }
});

function attempt(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  return expect.unreachable('it did not fail');
}
