import { expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

it('knows this machine', () => {
  expect(['localhost', '127.1.2.3', '[::1]', '128.0.0.1', 'localhost.example', '127.example'].map(isLoopback)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
