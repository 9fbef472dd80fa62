import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MachineOptions } from './guest.ts';
import { prepareFirmware } from './firmware.ts';
import { hear } from './testing/hear.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firmware-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A disk whose boot sector says "hello from the disk" on the first serial port and stops; nothing of it is for UEFI. */
async function bootableDisk(): Promise<MachineOptions['disks']> {
  const sector = Buffer.alloc(512);
  const code = [
    [0x31, 0xc0, 0x8e, 0xd8], // xor ax,ax; mov ds,ax
    [0xbe, 0x20, 0x7c], // mov si,0x7c20
    [0xba, 0xf8, 0x03], // mov dx,0x3f8
    [0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8], // next: lodsb; test al,al; jz end; out dx,al; jmp next
    [0xf4, 0xeb, 0xfd], // end: hlt; jmp end
  ];
  Buffer.from(code.flat()).copy(sector);
  sector.write('hello from the disk\n', 0x20);
  sector.writeUInt16LE(0xaa55, 510);
  const path = join(folder, 'disk.raw');
  await writeFile(path, Buffer.concat([sector, Buffer.alloc(2 ** 20 - 512)]));
  return [{ path, format: 'raw' }];
}

it('starts a disk by its BIOS', async () => {
  expect(await hear(/hello from the disk/, folder, { disks: await bootableDisk() })).toMatch(/hello from the disk/);
});

it('starts by UEFI', async () => {
  const firmware = await prepareFirmware({ name: 'uefi', architecture: 'amd64' }, folder);
  expect(await hear(/UEFI Interactive Shell/, folder, { disks: await bootableDisk(), firmware })).toMatch(/UEFI Interactive Shell/);
});

it('starts nothing unsigned by UEFI with Secure Boot', async () => {
  const firmware = await prepareFirmware({ name: 'uefi-secure', architecture: 'amd64' }, folder);
  expect(await hear(/EFI Internal Shell.*Security Violation/, folder, { disks: await bootableDisk(), firmware })).toMatch(
    /EFI Internal Shell.*Security Violation/,
  );
});
