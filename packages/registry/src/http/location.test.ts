import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { locationOf } from './location.ts';

it.each([
  ['https://registry.example/v2/a', '/v2/b?c=d%3D', 'https://registry.example/v2/b?c=d%3D'],
  ['https://registry.example/v2/a', 'https://storage.example/b', 'https://storage.example/b'],
  ['https://registry.example/v2/a', 'http://registry.example/v2/b', undefined],
  ['https://registry.example/v2/a', 'http://127.0.0.1:8080/', undefined],
  ['https://127.0.0.1/v2/a', 'http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
  ['http://registry.example/v2/a', 'http://storage.example/b', 'http://storage.example/b'],
  ['http://registry.example/v2/a', 'file:///etc/passwd', undefined],
  ['http://registry.example/v2/a', 'http://', undefined],
  ['http://registry.example/v2/a', undefined, undefined],
])('from %s to %s', (url, location, place) => {
  const answer = { status: 307, headers: location === undefined ? {} : { location }, body: {} as IncomingMessage };
  expect(locationOf(answer, { method: 'GET', url: new URL(url), doing: 'asking' })?.href).toBe(place);
});
