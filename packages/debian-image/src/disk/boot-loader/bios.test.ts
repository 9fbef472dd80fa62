import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { readBuffer } from '../read-at.ts';
import { inspectBootLoader } from '../installed/boot-loader.ts';
import { biosBytes } from './bios.ts';

const mebibyte = 1 << 20;
const bootImage = Buffer.alloc(512, 0x11);
bootImage.write('GRUB ', 0x180);
const coreImage = Buffer.alloc(100_000, 0x22);

it('puts boot code before the table, which stays, and the core image where the code looks for it', () => {
  const disk = Buffer.alloc(4 * mebibyte, 0x33);
  for (const { position, bytes } of biosBytes({ bootImage, coreImage, start: mebibyte, size: mebibyte })) bytes.copy(disk, position);
  expect(disk.readBigUInt64LE(0x5c)).toBe(2048n);
  expect(disk.subarray(0x66, 0x68)).toEqual(Buffer.from([0x90, 0x90]));
  expect(disk.subarray(0x1b8, 512)).toEqual(Buffer.alloc(72, 0x33));
  const first = disk.subarray(mebibyte, mebibyte + 512);
  expect([first.readBigUInt64LE(500), first.readUInt16LE(508), first.readUInt16LE(510)]).toEqual([2049n, 195, 0x0820]);
  // as it is looked for on installed disks
  expect(inspectBootLoader(readBuffer(disk), { start: 2 * mebibyte, size: mebibyte })).toBe('grub');
});

it('says where a core image has no room', () => {
  expect(() => biosBytes({ bootImage, coreImage, start: 512, size: 65_536 })).toThrow(Failure);
});
