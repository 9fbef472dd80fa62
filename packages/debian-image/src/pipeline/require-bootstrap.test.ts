import type { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { imageSchema, resolveImage } from '../image/index.ts';
import { requireBootstrap } from './require-bootstrap.ts';

const imageOf = (method: 'bootstrap' | 'installer') =>
  resolveImage(imageSchema.parse({ release: 'trixie', install: { method } }), '/images/web', 'web');

it.each([
  ['lock', /lock is not for web: debian-installer chooses its packages by itself/],
  ['outdated', /outdated is not for web: debian-installer chooses/],
  ['reproduce', /reproduce is not for web: debian-installer leaves another disk each time/],
  ['shell', /shell is not for web: its system is on a disk/],
] as const)('says why %s is not for an image of debian-installer', (target, message) => {
  expect(() => requireBootstrap(imageOf('installer'), target)).toThrow(message);
  expect(() => requireBootstrap(imageOf('bootstrap'), target)).not.toThrow();
});

it('says what to do instead', () => {
  const hintOf = (target: 'shell' | 'lock') => {
    try {
      requireBootstrap(imageOf('installer'), target);
    } catch (error) {
      return (error as Failure).hint;
    }
    return undefined;
  };
  expect(hintOf('shell')).toMatch(/nx run web:start/);
  expect(hintOf('lock')).toMatch(/nx run web:install --skip-nx-cache/);
});
