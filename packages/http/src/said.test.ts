import { expect, it } from 'vitest';
import { shortened } from './said.ts';

it('keeps a long page short', () => {
  expect(shortened('line\n'.repeat(100)).split('\n')).toHaveLength(12);
  expect(shortened('x'.repeat(1000))).toHaveLength(300);
});

it('leaves out what a terminal would obey, and empty lines', () => {
  expect(shortened('\n \r\n  \u001B[31mred\u0007 \t\nnext')).toBe('[31mred\nnext');
});
