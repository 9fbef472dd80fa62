import { uuidFrom } from '../identity.ts';
import type { DiskBytes } from '../partition-table/write.ts';
import type { ReadAt } from '../read-at.ts';

/** The footer, the last 512 bytes (Virtual Hard Disk Image Format Specification 1.0, "Hard Disk Footer Format"). */
const footerSize = 512;
const field = { time: 24, checksum: 64, uuid: 68 };

/** Time and identifier of a VHD set to none and to one of a seed, with the checksum of its footer. */
export function vhdIdentity(file: ReadAt, seed: string): DiskBytes[] {
  const position = file.size - footerSize;
  const footer = Buffer.from(file.read(position, footerSize));
  footer.writeUInt32BE(0, field.time);
  Buffer.from(uuidFrom(seed, 'vhd').replaceAll('-', ''), 'hex').copy(footer, field.uuid);
  footer.writeUInt32BE(0, field.checksum);
  // the ones' complement of the sum of all other bytes
  const sum = footer.reduce((total, byte) => total + byte, 0);
  footer.writeUInt32BE(~sum >>> 0, field.checksum);
  return [{ position, bytes: footer }];
}
