import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { storeFolder } from './open-build.ts';

const folder = (environment: NodeJS.ProcessEnv, options = {}): string => storeFolder({ workspaceRoot: '/workspace', options, environment });

it('is what the environment names, then the option, then one for all workspaces of this user', () => {
  const environment = { DEBIAN_IMAGE_STORE: '/store', XDG_CACHE_HOME: '/cache', HOME: '/home/me' };
  expect(folder(environment, { store: '/other' })).toBe('/store');
  expect(folder({ ...environment, DEBIAN_IMAGE_STORE: undefined }, { store: '/other' })).toBe('/other');
  expect(folder({ ...environment, DEBIAN_IMAGE_STORE: undefined })).toBe('/cache/nx-debian-image');
  expect(folder({ HOME: '/home/me' })).toBe('/home/me/.cache/nx-debian-image');
});

it('is relative to the workspace', () => {
  expect(folder({ DEBIAN_IMAGE_STORE: 'tmp/store' })).toBe('/workspace/tmp/store');
  expect(folder({}, { store: '../store' })).toBe('/store');
});

it('takes an empty variable for none', () => {
  expect(folder({ DEBIAN_IMAGE_STORE: '', XDG_CACHE_HOME: '/cache' }, { store: 'store' })).toBe('/workspace/store');
  expect(folder({ DEBIAN_IMAGE_STORE: '', XDG_CACHE_HOME: '', HOME: '' })).toBe(`${homedir()}/.cache/nx-debian-image`);
});
