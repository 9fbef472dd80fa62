import { expect, it } from 'vitest';
import { identityUrl, imageUrl } from './address.ts';

it.each([
  ['http://k:5000', 'http://k:5000/v3'],
  ['http://k:5000/v3/', 'http://k:5000/v3'],
  ['https://h/identity', 'https://h/identity/v3'],
  ['https://h/identity/v2.0', 'https://h/identity/v3'],
])('%s is a Keystone at %s', (given, url) => expect(identityUrl(given)).toBe(url));

it.each([
  ['http://g:9292', 'http://g:9292/v2'],
  ['http://g:9292/v2/', 'http://g:9292/v2'],
  ['https://h/image', 'https://h/image/v2'],
])('%s is a Glance at %s', (given, url) => expect(imageUrl(given)).toBe(url));
