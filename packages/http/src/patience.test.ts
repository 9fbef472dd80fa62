import { expect, it } from 'vitest';
import { retryAfter } from './patience.ts';

const now = Date.UTC(2026, 0, 1);

it.each([
  ['3', 3000],
  [' 0 ', 0],
  ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['soon', undefined],
  [undefined, undefined],
])('waits as %s asks', (header, milliseconds) => {
  expect(retryAfter(header, now)).toBe(milliseconds);
});
