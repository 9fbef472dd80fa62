import { expect, it } from 'vitest';
import { sourcesAfter } from './package-source.ts';

const sought = {
  name: 'vim',
  version: '2:9.0',
  architecture: 'amd64',
  sha256: 'a',
  size: 1,
  path: 'pool/main/vim.deb',
  archive: 'security',
} as const;
const nothingAsked = () => Promise.reject(new Error('no request is needed for an archive'));

it('goes on from the mirror to the archive and the snapshot service', async () => {
  const sources = sourcesAfter({ main: 'http://mirror/debian', security: 'http://mirror/security' }, {});
  expect(sources.map(({ name }) => name)).toEqual(['the mirror', 'archive.debian.org', 'snapshot.debian.org']);
  const addresses = await Promise.all(sources.slice(0, 2).map((source) => source.locate([sought], nothingAsked, '/')));
  expect(addresses.map((located) => located.addresses.get('a'))).toEqual([
    ['http://mirror/security/pool/main/vim.deb'],
    ['http://archive.debian.org/debian-security/pool/main/vim.deb'],
  ]);
});

it('asks the archive once where that is the mirror', () => {
  const archive = { main: 'http://archive.debian.org/debian', security: 'http://archive.debian.org/debian-security' };
  expect(sourcesAfter(archive, {}).map(({ name }) => name)).toEqual(['the mirror', 'snapshot.debian.org']);
});

it('asks others where the environment names them', () => {
  const environment = { DEBIAN_IMAGE_ARCHIVE: 'http://cache:3142/old/', DEBIAN_IMAGE_SNAPSHOT: 'http://snapshots/' };
  const names = sourcesAfter({ main: 'http://mirror', security: 'http://mirror' }, environment).map(({ name }) => name);
  expect(names).toEqual(['the mirror', 'cache:3142', 'snapshots']);
});
