import { expect, it } from 'vitest';
import { nearest, suggest } from './nearest.ts';

it('finds the word that was meant', () => {
  expect(nearest('virtio_baloon', ['virtio_net', 'virtio_balloon', 'acpiphp'])).toEqual(['virtio_balloon']);
  expect(suggest('pakcages', ['packages', 'profiles'])).toBe('did you mean "packages"?');
});

it('offers nothing where nothing is near', () => {
  expect(suggest('kubernetes', ['vim', 'curl'])).toBeUndefined();
});
