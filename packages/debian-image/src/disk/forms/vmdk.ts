import { createHash } from 'node:crypto';
import { sectorSize } from '../partition-table/layout.ts';
import type { DiskBytes } from '../partition-table/write.ts';
import type { ReadAt } from '../read-at.ts';

/** The header of a sparse extent says where the descriptor is, in sectors (Virtual Disk Format 5.0, "Hosted Sparse Extent Header"). */
const descriptorField = { offset: 28, size: 36 };

/** The content identifier of a VMDK, a random number of up to eight hexadecimal digits, set to one of a seed. */
export function vmdkIdentity(file: ReadAt, seed: string): DiskBytes[] {
  const header = Buffer.from(file.read(0, sectorSize));
  const [start, size] = [descriptorField.offset, descriptorField.size].map((at) => Number(header.readBigUInt64LE(at)) * sectorSize);
  const bytes = Buffer.alloc(size!);
  const digits = createHash('sha256').update(`vmdk\n${seed}`).digest('hex').slice(0, 8);
  // zeros end the text, so that it may grow by what the number was shorter
  const text = file.read(start!, size!).toString('latin1').replace(/\0+$/, '');
  bytes.write(text.replace(/^CID=[0-9a-f]+$/m, `CID=${digits}`), 'latin1');
  return [{ position: start!, bytes }];
}
