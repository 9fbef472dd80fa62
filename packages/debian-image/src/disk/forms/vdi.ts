import { uuidFrom } from '../identity.ts';
import { guidBytes } from '../partition-table/guid.ts';
import type { DiskBytes } from '../partition-table/write.ts';
import type { ReadAt } from '../read-at.ts';

/** Where the header has the identifiers of the image and of its last snapshot (VirtualBox, VDICore.h, VDIHEADER1PLUS; qemu's block/vdi.c). */
const field = { image: 0x188, lastSnapshot: 0x198 };

/** The two random identifiers of a VDI set to some of a seed. */
export function vdiIdentity(_file: ReadAt, seed: string): DiskBytes[] {
  return [
    { position: field.image, bytes: guidBytes(uuidFrom(seed, 'vdi')) },
    { position: field.lastSnapshot, bytes: guidBytes(uuidFrom(seed, 'vdi snapshot')) },
  ];
}
