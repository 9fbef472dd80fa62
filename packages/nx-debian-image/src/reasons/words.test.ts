import { expect, it } from 'vitest';
import { type Change, changesBetween } from './inputs.ts';
import { changeInWords } from './words.ts';

const words = (kind: Change['kind'], name: string, before?: string, after?: string): string => changeInWords({ kind, name, before, after });
const image = 'images/web/image.json';
const digest = (digit: string): string => digit.repeat(64);

it('tells what came into a list and what went, and other values as they are', () => {
  expect(words('field', `${image}: packages`, '["vim","less"]', '["less","curl"]')).toBe(`${image}: packages: added "curl"; removed "vim"`);
  expect(words('field', `${image}: packages`, '["vim","less"]', '["less","vim"]')).toBe(`${image}: packages: another order`);
  expect(words('field', `${image}: packages`, undefined, '["vim"]')).toBe(`${image}: packages: added "vim"`);
  expect(words('field', `${image}: hostname`, undefined, '"web"')).toBe(`${image}: hostname: not set -> "web"`);
});

it('tells files by their digests', () => {
  expect(words('file', 'a.sh', digest('1'), digest('2'))).toBe('a.sh changed (sha256 111111111111 -> 222222222222)');
  expect(words('file', 'a.sh', undefined, digest('2'))).toBe('a.sh is new');
  expect(words('file', 'a.sh', digest('1'))).toBe('a.sh is gone');
  expect(words('result', 'web:install', digest('1'), digest('2'))).toBe(
    'what web:install left changed (sha256 111111111111 -> 222222222222)',
  );
});

it('tells what a program printed, by lines where it is a list', () => {
  expect(words('command', 'dpkg-query --show mmdebstrap', 'mmdebstrap 1.3', 'mmdebstrap 1.4')).toBe(
    'dpkg-query --show mmdebstrap: mmdebstrap 1.3 -> mmdebstrap 1.4',
  );
  expect(words('unhashed', 'images/web', 'executable a', 'executable a\nlink b c')).toBe('images/web: added link b c');
  expect(words('package', 'zod', '4.6.0', '4.6.1')).toBe('zod 4.6.0 -> 4.6.1');
});

it('finds only what differs, by kind', () => {
  const before = { field: { a: '1', b: '2' }, file: { x: 'old' } };
  expect(changesBetween(before, before)).toEqual([]);
  expect(changesBetween(before, { field: { a: '1', c: '3' }, file: { x: 'new' } })).toEqual([
    { kind: 'field', name: 'b', before: '2', after: undefined },
    { kind: 'field', name: 'c', before: undefined, after: '3' },
    { kind: 'file', name: 'x', before: 'old', after: 'new' },
  ]);
});
