import { expect, it } from 'vitest';
import { readCpio } from '../../../disk/compare/cpio.ts';
import { planRamdisk, type RamdiskPlan } from './ramdisk.ts';

const plan: RamdiskPlan = {
  preseed: 'd-i time/zone string UTC\n',
  keyring: Buffer.from('keys'),
  ownKeyring: false,
  aptFiles: [{ path: 'etc/apt/sources.list.d/debian.sources', text: 'Types: deb\n' }],
};

/** Paths of the archive's files with their modes in octal digits, and the text of each. */
function unpacked(change: Partial<RamdiskPlan> = {}): Map<string, { mode: string; text: string }> {
  const { members } = readCpio(planRamdisk({ ...plan, ...change }))!;
  return new Map(
    members.map(({ path, header, content }) => [
      path,
      { mode: Number.parseInt(header.slice(14, 22), 16).toString(8), text: content.toString() },
    ]),
  );
}

it('holds the answers, the keys, the files of apt and what places them', () => {
  const files = [...unpacked()].filter(([, { mode }]) => mode.startsWith('100'));
  expect(files.map(([path, { mode }]) => `${mode} ${path}`)).toEqual([
    '100644 preseed.cfg',
    '100644 usr/share/keyrings/archive.gpg',
    '100644 usr/share/keyrings/archive.pgp',
    '100644 image-files/etc/apt/sources.list.d/debian.sources',
    '100755 usr/lib/base-installer.d/05image-apt',
    '100755 usr/lib/finish-install.d/92image-apt',
  ]);
  expect(unpacked().get('preseed.cfg')!.text).toBe(plan.preseed);
  expect(unpacked().get('usr/share/keyrings/archive.gpg')!.text).toBe('keys');
});

it('has each folder before what is in it', () => {
  const paths = [...unpacked().keys()];
  const early = paths.filter((path, index) => path.includes('/') && !paths.slice(0, index).includes(path.slice(0, path.lastIndexOf('/'))));
  expect(early).toEqual([]);
});

it('tells apt of the keys of an own archive while it installs, and takes them away', () => {
  const path = 'etc/apt/trusted.gpg.d/image-archive.gpg';
  const own = unpacked({ ownKeyring: true });
  expect(own.get(`image-files-meanwhile/${path}`)!.text).toBe('keys');
  expect(own.get('usr/lib/finish-install.d/92image-apt')!.text).toContain(`/target/${path}`);
  expect([...unpacked().keys()].filter((name) => name.includes('meanwhile'))).toEqual([]);
});
