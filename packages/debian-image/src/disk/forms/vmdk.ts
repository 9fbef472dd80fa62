import { createHash } from 'node:crypto';
import type { DiskBytes } from '../partition-table/write.ts';
import type { ReadAt } from '../read-at.ts';

/** The header of a sparse extent says where the descriptor is, in sectors (Virtual Disk Format 5.0, "Hosted Sparse Extent Header"). */
const descriptorField = { offset: 28, size: 36 };
const sectorSize = 512;

/** The content identifier of a VMDK, a random number, set to one of a seed. */
export function vmdkIdentity(file: ReadAt, seed: string): DiskBytes[] {
  const header = Buffer.from(file.read(0, sectorSize));
  const start = Number(header.readBigUInt64LE(descriptorField.offset)) * sectorSize;
  const descriptor = file.read(start, Number(header.readBigUInt64LE(descriptorField.size)) * sectorSize).toString('latin1');
  const { index } = /^CID=[0-9a-f]{8}$/m.exec(descriptor) ?? {};
  if (index === undefined) throw new Error('the VMDK has no content identifier');
  const digits = createHash('sha256').update(`vmdk\n${seed}`).digest('hex').slice(0, 8);
  return [{ position: start + index + 'CID='.length, bytes: Buffer.from(digits) }];
}
