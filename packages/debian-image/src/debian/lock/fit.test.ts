import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { requireFit } from './fit.ts';
import type { LockRequest } from './schema.ts';
import { sampleLock } from './testing/sample.ts';

const locked = sampleLock.request;
const fit = (wanted: Partial<LockRequest>) => () =>
  requireFit({
    locked,
    wanted: { ...locked, ...wanted },
    image: 'web',
    file: 'images/web/image.lock.json',
    fieldOf: (name) => (name === 'locales' ? 'locales' : 'packages'),
  });

function said(wanted: Partial<LockRequest>): unknown {
  const failure = refusal(fit(wanted));
  expect({ ...failure, said: '' }).toMatchObject({
    reason: 'invalid',
    where: 'images/web/image.lock.json',
    hint: '`nx run web:lock` locks what image.json asks for now.',
  });
  return failure.said;
}

function refusal(work: () => void): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it fits');
}

it('takes a lock that was made for the same', () => {
  expect(fit({})).not.toThrow();
});

it('names each field with both values', () => {
  expect(said({ recommends: true, pockets: [] })).toBe(
    'install.pockets: image.json says [], the lock ["updates","security"]\ninstall.recommends: image.json says true, the lock false',
  );
});

it('names the packages that came and went, and the field that brings them', () => {
  expect(said({ packages: ['init', 'locales', 'nginx-light'] })).toBe(
    [
      'locales: image.json asks for "locales", the lock does not',
      'packages: image.json asks for "nginx-light", the lock does not',
      'packages: the lock asks for "vim", image.json does not',
    ].join('\n'),
  );
});

it('does not list packages of another release', () => {
  expect(said({ release: 'trixie', packages: ['other'] })).toBe('release: image.json says "trixie", the lock "bookworm"');
});
