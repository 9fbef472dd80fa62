import { expect, it } from 'vitest';
import { netbootPackage, packagedFolder, parseSums, sumInRelease } from './places.ts';

const one = '1'.repeat(64);
const two = '2'.repeat(64);

it('finds the sha256 of a file in a Release file, not its md5', () => {
  const release = `Suite: stable\nMD5Sum:\n ${'3'.repeat(32)}  10 main/x/SHA256SUMS\nSHA256:\n ${two}  9 main/x/Packages\n ${one}  10 main/x/SHA256SUMS\nAcquire-By-Hash: yes\n`;
  expect(sumInRelease(release, 'main/x/SHA256SUMS')).toBe(one);
  expect(sumInRelease(release, 'main/x/MD5SUMS')).toBeUndefined();
  expect(sumInRelease(release.replace('SHA256:\n', 'SHA512:\n'), 'main/x/SHA256SUMS')).toBeUndefined();
  expect(sumInRelease('', 'main/x/SHA256SUMS')).toBeUndefined();
});

it('reads a list of digests', () => {
  const text = `${one}  ./netboot/linux\n${two} *netboot/initrd.gz\nnonsense\n`;
  expect([...parseSums(text)]).toEqual([
    ['netboot/linux', one],
    ['netboot/initrd.gz', two],
  ]);
});

it('names the package of a release as Debian did', () => {
  expect([6, 7, 8, 13].map((version) => netbootPackage({ version }, 'amd64'))).toEqual([
    'debian-installer-6.0-netboot-amd64',
    'debian-installer-7.0-netboot-amd64',
    'debian-installer-8-netboot-amd64',
    'debian-installer-13-netboot-amd64',
  ]);
  expect(packagedFolder({ version: 13 }, 'i386')).toBe('usr/lib/debian-installer/images/13/i386/text/debian-installer/i386');
});
