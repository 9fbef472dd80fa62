/** A member of an initial ramdisk, with its header and bytes. */
export interface CpioMember {
  readonly path: string;
  readonly header: string;
  readonly content: Buffer;
}

/** One archive out of an initial ramdisk, which may be several one after another, the last compressed. */
export interface CpioPart {
  readonly members: readonly CpioMember[];
  /** What follows: another archive, or one that is compressed; zeros between are left away. */
  readonly rest: Buffer;
}

const magic = '070701';
const headerBytes = 110;
const padded = (size: number): number => Math.ceil(size / 4) * 4;

/** Reads a cpio archive of the kernel's form "newc" (Documentation/driver-api/early-userspace/buffer-format.rst); undefined for other bytes. */
export function readCpio(bytes: Buffer): CpioPart | undefined {
  if (bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  const members: CpioMember[] = [];
  for (let position = 0; position + headerBytes <= bytes.length;) {
    const header = bytes.toString('latin1', position, position + headerBytes);
    if (!header.startsWith(magic)) return undefined;
    const field = (index: number): number => Number.parseInt(header.slice(6 + 8 * index, 14 + 8 * index), 16);
    const [size, nameBytes] = [field(6), field(11)];
    const path = bytes.toString('latin1', position + headerBytes, position + headerBytes + nameBytes - 1);
    const data = padded(position + headerBytes + nameBytes);
    position = padded(data + size);
    if (path === 'TRAILER!!!') return { members, rest: withoutZeros(bytes.subarray(position)) };
    members.push({ path, header, content: bytes.subarray(data, data + size) });
  }
  return { members, rest: Buffer.alloc(0) };
}

/** The first member in which two archives differ, and in what; undefined where there is none. */
export function compareMembers(first: readonly CpioMember[], second: readonly CpioMember[]): string | undefined {
  for (const [index, member] of first.entries()) {
    const other = second[index];
    if (other?.path !== member.path) return `${member.path} (the other has ${other?.path ?? 'nothing'} in its place)`;
    if (other.header !== member.header) return `${member.path} (its header)`;
    if (!other.content.equals(member.content)) return `${member.path} (its content)`;
  }
  return second[first.length] && `${second[first.length]!.path} (only in the second)`;
}

function withoutZeros(bytes: Buffer): Buffer {
  const begin = bytes.findIndex((byte) => byte !== 0);
  return begin === -1 ? Buffer.alloc(0) : bytes.subarray(begin);
}
