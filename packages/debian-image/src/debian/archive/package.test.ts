import { expect, it } from 'vitest';
import { field, fileName, joinPackages, lockedPackage, paragraphs, parsePrintedUris, pinnedPackage } from './package.ts';

const stanza = (name: string, version: string): string =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nDepends: libc6\nFilename: pool/main/${name}.deb\nSize: 10\nSHA256: ${name}-hash\nDescription: short\n long`;
const printed = `Reading package lists...
'http://mirror/pool/main/v/vim/vim_9.0_amd64.deb' vim_2%3a9.0_amd64.deb 10 SHA256:0
'http://mirror/pool/main/b/bash/bash_5.2_amd64.deb' bash_5.2~rc1+b1_amd64.deb 20 SHA256:0
`;

it('reads what apt prints', () => {
  expect(parsePrintedUris(printed)).toEqual([
    { uri: 'http://mirror/pool/main/v/vim/vim_9.0_amd64.deb', file: 'vim_2%3a9.0_amd64.deb' },
    { uri: 'http://mirror/pool/main/b/bash/bash_5.2_amd64.deb', file: 'bash_5.2~rc1+b1_amd64.deb' },
  ]);
  expect(parsePrintedUris('')).toEqual([]);
});

it('reads paragraphs and the first line of their fields', () => {
  expect(paragraphs('\n\nA: 1\nB: 2\n\n\nA: 3\n\n')).toEqual(['A: 1\nB: 2', 'A: 3']);
  const text = stanza('vim', '2:9.0');
  expect([field(text, 'Version'), field(text, 'Description'), field(text, 'Pack'), field(text, 'long')]).toEqual([
    '2:9.0',
    'short',
    undefined,
    undefined,
  ]);
});

it('names files as apt does', () => {
  expect(fileName({ name: 'vim', version: '2:9.0', architecture: 'amd64' })).toBe('vim_2%3a9.0_amd64.deb');
});

it('joins addresses with the paragraphs of the index, sorted by name', () => {
  const packages = joinPackages(parsePrintedUris(printed), [stanza('vim', '2:9.0'), stanza('bash', '5.2~rc1+b1'), stanza('bash', '5.1')]);
  expect(packages.map(({ name }) => name)).toEqual(['bash', 'vim']);
  expect(packages[1]).toEqual({
    name: 'vim',
    version: '2:9.0',
    architecture: 'amd64',
    sha256: 'vim-hash',
    size: 10,
    path: 'pool/main/vim.deb',
    uri: 'http://mirror/pool/main/v/vim/vim_9.0_amd64.deb',
    stanza: stanza('vim', '2:9.0'),
  });
  expect(Object.keys(lockedPackage(packages[1]!))).toEqual(['name', 'version', 'architecture', 'sha256', 'size', 'path']);
});

it('does not go on with a package that the index does not show', () => {
  expect(() => joinPackages(parsePrintedUris(printed), [stanza('vim', '2:9.0')])).toThrow('bash_5.2~rc1+b1_amd64.deb');
});

it('knows which part of the archive a package comes from, and what the archive says of it', () => {
  const mirror = { main: 'http://mirror/debian', security: 'http://mirror/debian-security' };
  const entry = (uri: string, path = 'pool/main/vim.deb') => ({
    ...joinPackages(parsePrintedUris(printed), [stanza('vim', '2:9.0'), stanza('bash', '5.2~rc1+b1')])[1]!,
    uri,
    path,
  });
  expect(pinnedPackage(entry('http://mirror/debian/pool/main/vim.deb'), mirror)).toMatchObject({
    archive: 'main',
    priority: '',
    section: '',
  });
  expect(pinnedPackage(entry('http://mirror/debian-security/pool/main/vim.deb'), mirror).archive).toBe('security');
  const one = { main: 'http://mirror', security: 'http://mirror' };
  expect(pinnedPackage(entry('http://mirror/pool/main/vim.deb'), one).archive).toBe('main');
  expect(pinnedPackage(entry('http://mirror/pool/updates/main/vim.deb', 'pool/updates/main/vim.deb'), one).archive).toBe('security');
  const required = { ...entry('http://mirror/debian/x'), stanza: 'Package: vim\nPriority: required\nSection: editors' };
  expect(pinnedPackage(required, mirror)).toMatchObject({ priority: 'required', section: 'editors' });
});
