import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MachineOptions } from './guest.ts';
import { prepareFirmware } from './firmware.ts';
import { bootCode, bootWords } from './testing/boot-sector.ts';
import { hear } from './testing/hear.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firmware-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A disk that a BIOS starts; nothing of it is for UEFI. */
async function bootableDisk(): Promise<MachineOptions['disks']> {
  const path = join(folder, 'disk.raw');
  const disk = Buffer.alloc(2 ** 20);
  bootCode().copy(disk);
  disk.writeUInt16LE(0xaa55, 510);
  await writeFile(path, disk);
  return [{ path, format: 'raw' }];
}

it('starts a disk by its BIOS', async () => {
  expect(await hear(new RegExp(bootWords), folder, { disks: await bootableDisk() })).toContain(bootWords);
});

it.each(['amd64', 'arm64'] as const)('starts %s by UEFI', async (architecture) => {
  const firmware = await prepareFirmware({ name: 'uefi', architecture }, folder);
  expect(await hear(/UEFI Interactive Shell/, folder, { architecture, disks: await bootableDisk(), firmware })).toMatch(
    /UEFI Interactive Shell/,
  );
});
