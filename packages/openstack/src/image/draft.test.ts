import { expect, it } from 'vitest';
import { bodyOf, difference, patchOf } from './draft.ts';
import { imageSchema, recordOf } from './record.ts';

const draft = {
  name: 'n',
  hidden: true,
  visibility: 'private' as const,
  protected: false,
  diskFormat: 'ami',
  containerFormat: 'ami',
  minDisk: 2,
  minRam: 64,
  tags: ['a'],
  properties: { os_distro: 'debian' },
};

it('writes the names of the Image API', () => {
  expect(bodyOf(draft)).toEqual({
    name: 'n',
    os_hidden: true,
    visibility: 'private',
    protected: false,
    disk_format: 'ami',
    container_format: 'ami',
    min_disk: 2,
    min_ram: 64,
    tags: ['a'],
    os_distro: 'debian',
  });
});

it('adds what is to be and removes what is not', () => {
  expect(patchOf({ hidden: false, properties: { 'a/b~c': 'x', gone: null } })).toEqual([
    { op: 'add', path: '/os_hidden', value: false },
    { op: 'add', path: '/a~1b~0c', value: 'x' },
    { op: 'remove', path: '/gone' },
  ]);
});

it('finds only what differs', () => {
  const times = { created_at: '2024-01-01T00:00:00Z', updated_at: '2024-01-01T00:00:00Z' };
  const image = recordOf(imageSchema.parse({ id: '1', status: 'active', ...bodyOf({ ...draft, tags: ['b', 'a'] }), ...times }));
  expect(difference(image, { name: 'n', minDisk: 2, tags: ['a', 'b', 'a'], properties: { os_distro: 'debian', gone: null } })).toEqual({});
  expect(difference(image, { name: 'm', minRam: 65, tags: ['a'], properties: { os_distro: null, new: '1' } })).toEqual({
    name: 'm',
    minRam: 65,
    tags: ['a'],
    properties: { os_distro: null, new: '1' },
  });
});
