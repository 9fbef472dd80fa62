import { expect, it } from 'vitest';
import { parseName } from './name.ts';

it.each([
  ['registry.example/team/images', 'registry.example', 'team/images', 'registry.example/team/images'],
  ['registry.example:5000/a__b-c.d/e1', 'registry.example:5000', 'a__b-c.d/e1', 'registry.example:5000/a__b-c.d/e1'],
  ['localhost/images', 'localhost', 'images', 'localhost/images'],
  ['127.0.0.1:5000/images', '127.0.0.1:5000', 'images', '127.0.0.1:5000/images'],
  ['[::1]:5000/images', '[::1]:5000', 'images', '[::1]:5000/images'],
  ['debian', 'registry-1.docker.io', 'library/debian', 'docker.io/library/debian'],
  ['team/images', 'registry-1.docker.io', 'team/images', 'docker.io/team/images'],
  ['docker.io/debian', 'registry-1.docker.io', 'library/debian', 'docker.io/library/debian'],
  ['index.docker.io/team/images', 'registry-1.docker.io', 'team/images', 'docker.io/team/images'],
])('reads %s', (name, host, path, account) => {
  expect(parseName(name)).toEqual({ name, host, path, account });
});

it.each([
  ['https://registry.example/team', 'protocol'],
  ['registry.example/', 'no path'],
  ['', 'no path'],
  ['registry.example/team:latest', 'tag or a digest'],
  ['registry.example/team@sha256:00', 'tag or a digest'],
  ['registry.example/Team', 'capital letters'],
  ['registry.example/a//b', 'no path: words'],
  ['registry.example/../x', 'no path: words'],
  ['registry.example:99999/team', 'no host with a port'],
  ['user@registry.example/team', 'no host'],
  [`registry.example/${'a'.repeat(255)}`, 'longer than 255'],
])('does not take %s', (name, why) => {
  expect(() => parseName(name)).toThrow(expect.objectContaining({ reason: 'invalid', message: expect.stringContaining(why) }));
});
