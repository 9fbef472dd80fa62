import { expect, it } from 'vitest';
import { compareVersions, isVersion, nextVersion } from './version.ts';

it('sorts by date, then by number', () => {
  const versions = ['20261122.10', '20261122', '20261121.3', '20261122.9'];
  expect(versions.toSorted(compareVersions)).toEqual(['20261121.3', '20261122', '20261122.9', '20261122.10']);
});

it('gives the next version, always above all others', () => {
  expect(nextVersion([], '20261122')).toBe('20261122');
  expect(nextVersion(['20261101'], '20261122')).toBe('20261122');
  expect(nextVersion(['20261122'], '20261122')).toBe('20261122.1');
  expect(nextVersion(['20261122.9', '20261122.10'], '20261122')).toBe('20261122.11');
  expect(nextVersion(['20270101'], '20261122')).toBe('20270101.1');
});

it('knows what is no version', () => {
  for (const text of ['latest', '2026-11-22', '20261122.', '20261122.0', '20261122.1.1', '']) expect(isVersion(text)).toBe(false);
  expect(() => compareVersions('latest', '20261122')).toThrow('is no version');
});
