import { expect, it } from 'vitest';
import { formatTable } from './table.ts';

it('sets cells below one another, and ends no line with spaces', () => {
  const rows = [
    ['package', 'old', 'new'],
    ['vim', '2:9.0', ''],
    ['openssl', '', '3.0'],
  ];
  expect(formatTable(rows)).toBe('package  old    new\nvim      2:9.0\nopenssl         3.0');
  expect(formatTable([])).toBe('');
});
