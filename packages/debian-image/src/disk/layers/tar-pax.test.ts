import { expect, it } from 'vitest';
import { formatPax, parsePax } from './tar-pax.ts';

it('reads what it writes, whatever the bytes', () => {
  const records = new Map([
    ['path', Buffer.from('Fő\n=x').toString('latin1')],
    ['SCHILY.xattr.security.capability', '\u0001\u0000\u0000\u0002\u00ff'],
  ]);
  expect(parsePax(formatPax(records))).toEqual(records);
});

it.each([1, 5, 6, 90, 91, 92, 93, 990, 991, 992, 993])('counts the digits of the length, value of %i bytes', (length) => {
  const bytes = formatPax([['k', 'v'.repeat(length)]]);
  expect(Number.parseInt(bytes.toString('latin1'), 10)).toBe(bytes.length);
  expect(parsePax(bytes)?.get('k')).toHaveLength(length);
});

it.each(['x', '5 a=b', '7 a=bc', '99 a=b\n', '0 a=b\n', '6 a=b\n\n', '5 ab\n', '-6 a=b\n', '6 =ab\n'])('gives nothing for %j', (text) => {
  expect(parsePax(Buffer.from(text))).toBeUndefined();
});
