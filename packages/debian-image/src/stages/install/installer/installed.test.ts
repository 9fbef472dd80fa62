import { expect, it } from 'vitest';
import { installedPackages } from './installed.ts';

it('has what dpkg has as installed, by name', () => {
  const status = `Package: vim
Status: install ok installed
Architecture: amd64
Version: 2:9.1
Description: x

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: apt
Status: hold ok installed
Architecture: amd64
Version: 3.0
`;
  expect(installedPackages(status)).toEqual([
    { name: 'apt', version: '3.0', architecture: 'amd64' },
    { name: 'vim', version: '2:9.1', architecture: 'amd64' },
  ]);
  expect(installedPackages('')).toEqual([]);
});
