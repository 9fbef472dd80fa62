import { expect, it } from 'vitest';
import { parseLock } from '../lock/read.ts';
import { pinned, sampleLock } from '../lock/testing/sample.ts';
import { renderLock } from '../lock/text.ts';
import { lockedBootLoader } from './boot-loader.ts';

const place = { image: 'web', file: 'images/web/image.lock.json' };
const part = (name: string) => {
  const { archive: _archive, priority: _priority, section: _section, ...locked } = pinned(name);
  return { ...locked, architecture: 'amd64' as const };
};
const bootLoader = { tools: { amd64: [part('mtools')] }, files: [part('shim-signed')] };

it('is of a lock as it was written: the programs for this machine, and the boot loader', () => {
  const lock = parseLock(renderLock({ ...sampleLock, bootLoader }), place.file, place.image);
  expect(lockedBootLoader(lock, 'amd64', place).map(({ name }) => name)).toEqual(['mtools', 'shim-signed']);
  expect(() => lockedBootLoader(lock, 'arm64', place)).toThrow('the lock has no tools for a machine that is arm64');
});

it('is missed in a lock of before, which stays good for an image without a bare disk', () => {
  const lock = parseLock(renderLock(sampleLock), place.file, place.image);
  expect(() => lockedBootLoader(lock, 'amd64', place)).toThrow(
    expect.objectContaining({ reason: 'invalid', hint: expect.stringContaining('`nx run web:lock` adds it') }),
  );
});
