import { expect, it } from 'vitest';
import { compare } from './prove.ts';

const identity = (keys: string, id: string) =>
  new Map([
    ['host keys', keys],
    ['machine-id', id],
  ]);
const first = identity('ssh-rsa AAAA\nssh-ed25519 BBBB\n', '0123\n');

it.each([
  ['others', identity('ssh-rsa CCCC\nssh-ed25519 DDDD\n', '4567\n'), [true, true]],
  ['one key is the same', identity('ssh-rsa CCCC\nssh-ed25519 BBBB\n', '4567\n'), [false, true]],
  ['the machine-id is the same', identity('ssh-rsa CCCC\n', '0123\n'), [true, false]],
  ['no systemd', identity('ssh-rsa CCCC\n', 'no systemd\n'), [true, true]],
])('%s', (_, second, ok) => expect(compare(first, second).map((check) => check.ok)).toEqual(ok));

it('knows nothing of what the first instance did not say', () => {
  expect(compare(new Map(), first).map(({ ok }) => ok)).toEqual([false, false]);
});
