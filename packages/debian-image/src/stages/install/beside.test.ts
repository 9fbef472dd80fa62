import { expect, it } from 'vitest';
import type { LockedPackage } from '../../debian/archive/package.ts';
import { imageSchema, type ImageSource, resolveImage } from '../../image/index.ts';
import { installedNames, packagesAfter, wantedBeside } from './beside.ts';

const status = `Package: vim
Status: install ok installed
Version: 1

Package: gone
Status: deinstall ok config-files
Version: 1

Package: curl
Status: hold ok installed
`;

function entry(name: string, version: string, architecture = 'amd64'): LockedPackage {
  return { name, version, architecture, sha256: 'a', size: 1, path: `pool/${name}` };
}

const imageOf = (source: Omit<ImageSource, 'release'>) =>
  resolveImage(imageSchema.parse({ release: 'bookworm', ...source }), '/images/web', 'web');

it('knows what is installed', () => {
  expect([...installedNames(status)]).toEqual(['vim', 'curl']);
});

it('asks for what the other image has not asked for and what is not there', () => {
  const wanted = wantedBeside(
    imageOf({ packages: ['vim', 'nginx', 'less'], users: [{ name: 'a', sudo: true }] }),
    imageOf({}),
    installedNames(status),
  );
  expect(wanted).toEqual(['nginx', 'sudo']);
});

it('lists the packages of the tree after that', () => {
  const before = [entry('a', '1'), entry('b', '1'), entry('c', '1')];
  const after = packagesAfter(before, [entry('b', '2'), entry('aa', '1', 'all')], new Set(['a', 'aa', 'b']));
  expect(after.map(({ name, version }) => `${name} ${version}`)).toEqual(['a 1', 'aa 1', 'b 2']);
});
