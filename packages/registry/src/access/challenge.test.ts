import { expect, it } from 'vitest';
import { parseChallenge } from './challenge.ts';

it.each([
  ['Basic realm="registry, of the team"', { scheme: 'basic' }],
  ['basic', { scheme: 'basic' }],
  [
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
    { scheme: 'bearer', realm: 'https://auth.example/token', service: 'registry.example' },
  ],
  ['Basic realm="x", BEARER Realm="https://t/?a=\\"b\\"" , error=invalid_token', { scheme: 'bearer', realm: 'https://t/?a="b"' }],
  ['Bearer service="no realm"', undefined],
  ['Negotiate', undefined],
  ['', undefined],
])('reads %s', (header, challenge) => {
  expect(parseChallenge(header)).toEqual(challenge);
});
