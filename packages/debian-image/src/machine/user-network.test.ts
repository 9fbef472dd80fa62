import { expect, it } from 'vitest';
import { seenByGuest } from './user-network.ts';

it.each([
  ['http://127.0.0.1:3142/debian', 'http://10.0.2.2:3142/debian'],
  ['http://localhost/debian', 'http://10.0.2.2/debian'],
  ['http://[::1]:81/', 'http://10.0.2.2:81/'],
  ['http://localhost.example/debian', 'http://localhost.example/debian'],
  ['https://mirror.example/127.0.0.1/', 'https://mirror.example/127.0.0.1/'],
])('%s is %s for a guest', (address, seen) => {
  expect(seenByGuest(address)).toBe(seen);
});
