import { expect, it } from 'vitest';
import { uuidFrom } from './identity.ts';

it('gives a UUID of version 8 that only its arguments decide', () => {
  expect(uuidFrom('seed', 'disk')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuidFrom('seed', 'disk')).toBe('459d727c-668d-8802-bcda-078ab98c8132');
  expect(new Set([uuidFrom('seed', 'disk'), uuidFrom('seed', 'root'), uuidFrom('other', 'disk')]).size).toBe(3);
});
