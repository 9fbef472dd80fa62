import { describe, expect, it } from 'vitest';
import { type LayoutWish, planLayout } from './partition-table/layout.ts';
import { tableBytes } from './partition-table/write.ts';
import { readBuffer } from './read-at.ts';
import { parseListing } from './ext4/debugfs.ts';
import { compareVersions } from '../debian/version.ts';
import { chooseBootFiles, findRoot } from './boot-files.ts';

it('orders versions as dpkg does', () => {
  const ordered = [
    '2.6.32-5-amd64',
    '3.16.0-4-amd64',
    '5.10.0-9-amd64',
    '5.10.0-30-amd64',
    '6.1.0~rc7-amd64',
    '6.1.0-9-amd64',
    '6.1.0-50-amd64',
    '6.1.0-50-cloud-amd64',
    '6.12.9+deb13-amd64',
    '6.12.38+deb13-amd64',
  ];
  expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
  expect(compareVersions('6.1', '6.01')).toBe(0);
  expect(compareVersions('1.0~', '1.0')).toBeLessThan(0);
});

it('reads regular files out of a listing of debugfs', () => {
  const text =
    '/12/040755/0/0/./4096/\n/2/040755/0/0/../4096/\n/521/100644/0/0/vmlinuz-6.1/83/\n/9/120777/0/0/link/5/\n/0/000000/0/0//0/\nnoise\n';
  expect(parseListing(text)).toEqual([{ name: 'vmlinuz-6.1', size: 83 }]);
});

const files = (...names: string[]): { name: string; size: number }[] => names.map((name) => ({ name, size: 1 }));

describe('kernel and initial RAM disk', () => {
  it('are the newest that are there', () => {
    const boot = chooseBootFiles(
      files(
        'config-6.1.0-9-amd64',
        'initrd.img-6.1.0-10-amd64',
        'initrd.img-6.1.0-9-amd64',
        'vmlinuz-6.1.0-9-amd64',
        'vmlinuz-6.1.0-10-amd64',
        'vmlinuz.old',
      ),
    );
    expect(boot).toMatchObject({
      version: '6.1.0-10-amd64',
      kernel: { name: 'vmlinuz-6.1.0-10-amd64' },
      ramdisk: { name: 'initrd.img-6.1.0-10-amd64' },
      others: ['6.1.0-9-amd64'],
    });
  });

  it('may be a vmlinux, where there is no vmlinuz', () => {
    expect(chooseBootFiles(files('vmlinux-6.1-powerpc64le', 'initrd.img-6.1-powerpc64le')).kernel.name).toBe('vmlinux-6.1-powerpc64le');
    expect(chooseBootFiles(files('vmlinux-6.1', 'vmlinuz-6.1', 'initrd.img-6.1'))).toMatchObject({
      kernel: { name: 'vmlinuz-6.1' },
      others: [],
    });
  });

  it('may be chosen by version or its end', () => {
    const there = files(
      'vmlinuz-6.1.0-9-rt-amd64',
      'vmlinuz-6.1.0-8-rt-amd64',
      'initrd.img-6.1.0-9-rt-amd64',
      'initrd.img-6.1.0-8-rt-amd64',
      'vmlinuz-6.5.0-1-amd64',
    );
    expect(chooseBootFiles(there, 'rt-amd64')).toMatchObject({
      version: '6.1.0-9-rt-amd64',
      others: ['6.5.0-1-amd64', '6.1.0-8-rt-amd64'],
    });
    expect(chooseBootFiles(there, '6.1.0-8-rt-amd64').version).toBe('6.1.0-8-rt-amd64');
    expect(() => chooseBootFiles(there, 't-amd64')).toThrow('there is no kernel "t-amd64" in /boot, but 6.5.0-1-amd64, 6.1.0-9-rt-amd64');
    expect(() => chooseBootFiles([], 'amd64')).toThrow('there is no kernel in /boot');
  });

  it('must both be there', () => {
    expect(() => chooseBootFiles(files('initrd.img-6.1'))).toThrow('there is no kernel in /boot');
    expect(() => chooseBootFiles(files('vmlinuz-6.1', 'initrd.img-6.2'))).toThrow('/boot/initrd.img-6.1');
    expect(() => chooseBootFiles(files('vmlinuz-$(reboot)'))).toThrow('there is no kernel in /boot');
  });
});

const mebibyte = 1 << 20;
const superblock = (bytes: Buffer, start: number, blocks: number): void => {
  bytes.writeUInt32LE(blocks, start + 1024 + 0x4);
  bytes.writeUInt16LE(0xef53, start + 1024 + 0x38);
};

const disk = (before: LayoutWish['before'] = []): Buffer => {
  const layout = planLayout({ table: 'gpt', rootBytes: mebibyte, seed: '', before });
  const bytes = Buffer.alloc(layout.diskBytes);
  for (const { position, bytes: part } of tableBytes(layout)) part.copy(bytes, position);
  return bytes;
};

describe('the root', () => {
  it('is the partition with an ext4, as large as that says', () => {
    const bytes = disk([{ type: 'esp', bytes: mebibyte }]);
    superblock(bytes, 2 * mebibyte, 1000);
    expect(findRoot(readBuffer(bytes))).toMatchObject({ start: 2 * mebibyte, size: 1000 * 1024 });
  });

  it('may be all of the disk', () => {
    const bytes = Buffer.alloc(mebibyte);
    superblock(bytes, 0, 1024);
    expect(findRoot(readBuffer(bytes))).toMatchObject({ start: 0, size: mebibyte });
  });

  it('must be there, once, and fit', () => {
    expect(() => findRoot(readBuffer(disk()))).toThrow('there is no ext4 file system on the disk');
    expect(() => findRoot(readBuffer(Buffer.alloc(0)))).toThrow('there is no ext4 file system on the disk');
    const two = disk([{ type: 'esp', bytes: mebibyte }]);
    superblock(two, mebibyte, 8);
    superblock(two, 2 * mebibyte, 8);
    expect(() => findRoot(readBuffer(two))).toThrow('partitions 1 and 15 both have an ext4');
    const long = disk();
    superblock(long, mebibyte, 1025);
    expect(() => findRoot(readBuffer(long))).toThrow('larger than its partition 1');
  });

  it.each([
    ['LVM', 512 + 24, 'LVM2 001'],
    ['LUKS', 0, 'LUKS\u00ba\u00be'],
    ['btrfs', 0x10040, '_BHRfS_M'],
    ['XFS', 0, 'XFSB'],
    ['swap space', 4086, 'SWAPSPACE2'],
  ])('is told from %s', (name, position, magic) => {
    const bytes = disk();
    bytes.write(magic, mebibyte + position, 'latin1');
    expect(() => findRoot(readBuffer(bytes))).toThrow(`there is no ext4 file system on the disk, but ${name} in partition 1`);
  });

  it('is not the only ext4 where the rest of the system is elsewhere', () => {
    const bytes = disk([{ type: 'esp', bytes: mebibyte }]);
    superblock(bytes, 2 * mebibyte, 8);
    bytes.write('LVM2 001', mebibyte + 512 + 24, 'latin1');
    expect(() => findRoot(readBuffer(bytes))).toThrow('beside an ext4 file system the disk has LVM in partition 15');
    bytes.write('swapping', mebibyte + 512 + 24, 'latin1');
    expect(findRoot(readBuffer(bytes)).partition).toBe(1);
  });
});
