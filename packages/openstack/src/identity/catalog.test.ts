import { expect, it } from 'vitest';
import { endpointOf } from './catalog.ts';

const catalog = [
  { type: 'identity', endpoints: [{ interface: 'public', region_id: 'A', url: 'http://k' }] },
  {
    type: 'image',
    endpoints: [
      { interface: 'internal', region_id: 'A', url: 'http://a-internal' },
      { interface: 'public', region_id: 'A', url: 'http://a' },
      { interface: 'public', region: 'B', url: 'http://b' },
    ],
  },
];
const image = { service: 'image', interface: 'public', region: undefined, cloud: 'prod' };

it('takes the interface and the region that are asked for', () => {
  expect(endpointOf(catalog, image)).toBe('http://a');
  expect(endpointOf(catalog, { ...image, region: 'B' })).toBe('http://b');
  expect(endpointOf(catalog, { ...image, interface: 'internal' })).toBe('http://a-internal');
});

it.each([
  [catalog, { ...image, region: 'C' }, /no public image service in region "C"; there is: internal in A, public in A, public in B/],
  [catalog.slice(0, 1), image, /its catalog has only: identity/],
  [[], image, /its catalog is empty/],
])('says what there is instead', (given, wanted, message) => {
  expect(() => endpointOf(given, wanted)).toThrow(message);
});
