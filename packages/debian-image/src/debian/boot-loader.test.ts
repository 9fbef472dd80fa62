import { expect, it } from 'vitest';
import { bootLoaderOf, firmwareOf } from './boot-loader.ts';

it('knows what starts the disks of an architecture', () => {
  expect(firmwareOf('amd64', 'gpt')).toEqual(['bios', 'uefi']);
  expect(firmwareOf('amd64', 'mbr')).toEqual(['bios']);
  expect(firmwareOf('i386', 'gpt')).toEqual(['bios']);
  expect(firmwareOf('arm64', 'gpt')).toEqual(['uefi']);
  expect(firmwareOf('arm64', 'mbr')).toEqual([]);
  expect(firmwareOf('s390x', 'gpt')).toEqual([]);
});

it('names the files of arm64 as its firmware looks for them', () => {
  expect(bootLoaderOf('arm64')?.uefi).toEqual({
    'EFI/BOOT/BOOTAA64.EFI': 'usr/lib/shim/shimaa64.efi.signed',
    'EFI/BOOT/grubaa64.efi': 'usr/lib/grub/arm64-efi-signed/grubaa64.efi.signed',
    'EFI/BOOT/mmaa64.efi': 'usr/lib/shim/mmaa64.efi.signed',
  });
});
