import { type FileHandle, open } from 'node:fs/promises';

/** The members of a package, as deb(5) names them, here uncompressed. */
export type Member = 'control.tar' | 'data.tar';

/** A member of an unpacked package: how to read it, and its size in bytes. */
export interface MemberReader {
  readonly size: number;
  /** `length` bytes from a position in the member, fewer at its end. */
  read(position: number, length: number): Promise<Buffer>;
}

/** Calls `use` with a member of a package that `unpackedPackages` wrote. */
export async function withMember<Result>(path: string, member: Member, use: (reader: MemberReader) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'r');
  try {
    const { begin, size } = await findMember(file, path, member);
    const read = async (position: number, length: number): Promise<Buffer> => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - position)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, begin + position);
      return buffer.subarray(0, bytesRead);
    };
    return await use({ size, read });
  } finally {
    await file.close();
  }
}

// `!<arch>\n`, then members: a header of 60 bytes with the size at 48, padded to even (ar(5))
async function findMember(file: FileHandle, path: string, member: Member): Promise<{ begin: number; size: number }> {
  const header = Buffer.alloc(60);
  let position = 8;
  for (;;) {
    const { bytesRead } = await file.read(header, 0, 60, position);
    const size = Number(header.toString('latin1', 48, 58));
    if (bytesRead < 60 || !(size > 0)) throw new Error(`${path} is no package as written by this program`);
    if (header.toString('latin1', 0, 16).startsWith(member)) return { begin: position + 60, size };
    position += 60 + size + (size % 2);
  }
}
