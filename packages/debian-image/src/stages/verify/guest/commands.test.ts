import { expect, it } from 'vitest';
import { judgeCommand } from './commands.ts';

it.each([
  [{ status: 0 }, 0, 'active\nand more', true, 'active'],
  [{ status: 0 }, 0, '', true, 'status 0'],
  [{ status: 3 }, 3, 'inactive', true, 'inactive'],
  [{ status: 0 }, 7, 'curl: (7) refused', false, 'status 7 instead of 0\ncurl: (7) refused'],
  [{ status: 0, output: '^active$' }, 0, 'one\nactive\n', true, 'one'],
  [{ status: 0, output: '^active$' }, 1, 'inactive', false, 'status 1 instead of 0; nothing matches ^active$\ninactive'],
])('%j ended with %i, saying %j: %s', (wish, status, said, ok, value) => {
  expect(judgeCommand({ output: undefined, ...wish }, { status, said, seconds: 1 })).toEqual({ ok, value, seconds: 1 });
});
