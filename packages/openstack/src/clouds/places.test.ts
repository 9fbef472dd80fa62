import { expect, it } from 'vitest';
import { places } from './places.ts';

it('looks where openstacksdk looks, in its order', () => {
  const found = places('clouds', { env: { OS_CLIENT_CONFIG_FILE: '/x.yaml' }, cwd: '/w', home: '/h' });
  expect(found.filter((file) => !/\.(yml|json)$/.test(file))).toEqual([
    '/x.yaml',
    '/w/clouds.yaml',
    '/h/.config/openstack/clouds.yaml',
    '/etc/xdg/openstack/clouds.yaml',
    '/etc/openstack/clouds.yaml',
  ]);
  expect(found.slice(1, 4)).toEqual(['/w/clouds.yaml', '/w/clouds.yml', '/w/clouds.json']);
});
