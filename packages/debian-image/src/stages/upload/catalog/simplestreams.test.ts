import { expect, it } from 'vitest';
import { simplestreams } from './simplestreams.ts';
import { item, product, version } from './testing/samples.ts';

const { name: _name, ...kernel } = item('vmlinuz', 'kernel');

it('lists images, versions and items as simplestreams has it', () => {
  expect(simplestreams([version('20261122', 'kernel')])).toEqual({
    index: {
      format: 'index:1.0',
      index: {
        images: {
          datatype: 'image-downloads',
          format: 'products:1.0',
          path: 'streams/v1/images.json',
          products: ['debian:squeeze:amd64:squeeze-amd64'],
        },
      },
    },
    products: {
      content_id: 'images',
      datatype: 'image-downloads',
      format: 'products:1.0',
      products: {
        'debian:squeeze:amd64:squeeze-amd64': {
          aliases: 'squeeze-amd64',
          arch: 'amd64',
          description: 'Small and old',
          os: 'Debian',
          release: 'squeeze',
          release_codename: 'squeeze',
          release_title: '6.0',
          variant: 'squeeze-amd64',
          version: '6.0',
          versions: {
            20261122: {
              pubname: 'squeeze-amd64-20261122',
              items: { vmlinuz: { ...kernel, path: 'squeeze-amd64/20261122/squeeze-amd64-20261122.vmlinuz' } },
            },
          },
        },
      },
    },
  });
});

it('describes an image as its newest version does, and keeps images apart', () => {
  const older = version('20261121', 'a', { product: { ...product(), description: 'Old words' } });
  const { products } = simplestreams([older, version('20261122', 'b'), version('20261122', 'b', { product: product('tiny') })]);
  expect(products).toMatchObject({
    products: {
      'debian:squeeze:amd64:squeeze-amd64': { description: 'Small and old', versions: { 20261121: {}, 20261122: {} } },
      'debian:squeeze:amd64:tiny': { versions: { 20261122: {} } },
    },
  });
});

it('is valid where nothing is published', () => {
  expect(simplestreams([])).toMatchObject({ index: { index: { images: { products: [] } } }, products: { products: {} } });
});
