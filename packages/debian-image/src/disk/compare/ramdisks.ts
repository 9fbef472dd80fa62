import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { command, run } from '../../host/index.ts';
import { compareMembers, readCpio } from './cpio.ts';
import type { Range } from './bytes.ts';

/** A ramdisk as a part of a file. */
export type RamdiskFile = Range & { readonly file: string };

/** How each way to compress begins, and what undoes it. */
const packers = [
  { magic: '28b52ffd', program: 'zstd' },
  { magic: '1f8b', program: 'gzip' },
  { magic: 'fd377a585a00', program: 'xz' },
] as const;

/** The first member in which two initial ramdisks differ, and in what; undefined where they are no archives that can be read. */
export async function compareRamdisks(first: RamdiskFile, second: RamdiskFile, signal?: AbortSignal): Promise<string | undefined> {
  let [left, right] = await Promise.all([read(first), read(second)]);
  while (left.length > 0 && right.length > 0) {
    [left, right] = [await unpack(left, signal), await unpack(right, signal)];
    const [one, two] = [readCpio(left), readCpio(right)];
    if (one === undefined || two === undefined) return undefined;
    const difference = compareMembers(one.members, two.members);
    if (difference !== undefined) return difference;
    [left, right] = [one.rest, two.rest];
  }
  return undefined;
}

/** An initial ramdisk uncompressed: each of the archives that it consists of, or what follows and is none. */
export async function* unpackedParts(ramdisk: Buffer, signal?: AbortSignal): AsyncGenerator<Buffer> {
  for (let rest = ramdisk; rest.length > 0;) {
    const part = await unpack(rest, signal);
    yield part;
    rest = readCpio(part)?.rest ?? Buffer.alloc(0);
  }
}

function read({ file, start, size }: RamdiskFile): Promise<Buffer> {
  return buffer(createReadStream(file, { start, end: start + size - 1 }));
}

async function unpack(bytes: Buffer, signal: AbortSignal | undefined): Promise<Buffer> {
  const packer = packers.find(({ magic }) => bytes.toString('hex', 0, magic.length / 2) === magic);
  if (packer === undefined) return bytes;
  const output = new PassThrough({ highWaterMark: 1 << 20 });
  const options = { doing: 'reading an initial ramdisk', input: Readable.from([bytes]), output, ...(signal ? { signal } : {}) };
  const [unpacked] = await Promise.all([buffer(output), run(command(packer.program, ['-dc']), options)]);
  return unpacked;
}
