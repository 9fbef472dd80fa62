import { expect, it } from 'vitest';
import { imageSchema, type ImageSource, resolveImage } from '../../image/index.ts';
import { targets } from './run.ts';

const image = (upload?: ImageSource['upload']) =>
  resolveImage(imageSchema.parse({ release: 'bookworm', upload }), '/images/example', 'example');

it('goes to all that image.json names, else to the catalog folder', () => {
  expect(targets(image(), undefined)).toEqual(['catalog']);
  expect(targets(image({ glance: { cloud: 'ours' } }), undefined)).toEqual(['glance']);
  expect(targets(image({ glance: { cloud: 'ours' }, catalog: {} }), undefined)).toEqual(['catalog', 'glance']);
  expect(targets(image({ registry: { repository: 'registry.example/web' } }), undefined)).toEqual(['registry']);
});

it('goes only where it is asked to', () => {
  expect(targets(image({ glance: { cloud: 'ours' } }), 'catalog')).toEqual(['catalog']);
  expect(targets(image(), 'glance')).toEqual(['glance']);
});
