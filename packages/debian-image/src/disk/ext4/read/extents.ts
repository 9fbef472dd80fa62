import { damaged } from './damaged.ts';
import type { Inode } from './inode.ts';
import type { Run, Volume } from './volume.ts';

const magic = 0xf30a;
const headerSize = 12;
const entrySize = 12;
/** No tree of 2^32 blocks is deeper. */
const deepest = 5;
/** A longer extent is one of as many blocks less that were reserved and never written: zeros. */
const longestWritten = 32768;

/** The runs of a file whose map is a tree of extents (Documentation/filesystems/ext4/ifork.rst), in the order of the file. */
export function* extentRuns(volume: Volume, inode: Inode): Generator<Run> {
  const depth = inode.map.readUInt16LE(6);
  if (depth > deepest) throw damaged(`the extents of inode ${inode.number} are ${depth} deep`);
  // what comes next must lie behind all before it, so that no block of the tree counts twice
  let next = 0;
  for (const run of walk(volume, inode.number, inode.map, depth)) {
    if (run.logical < next) throw damaged(`the extents of inode ${inode.number} are not in order`);
    next = run.logical + run.length;
    if (run.physical !== undefined) yield { ...run, physical: run.physical };
  }
}

/** `physical` is missing where the blocks count as zeros. */
interface Extent extends Omit<Run, 'physical'> {
  readonly physical: number | undefined;
}

function* walk(volume: Volume, inode: number, node: Buffer, depth: number): Generator<Extent> {
  const entries = node.readUInt16LE(2);
  const room = Math.floor((node.length - headerSize) / entrySize);
  if (node.readUInt16LE(0) !== magic || node.readUInt16LE(6) !== depth || entries > room) {
    throw damaged(`the extents of inode ${inode} are none`);
  }
  for (let index = 0; index < entries; index += 1) {
    const at = headerSize + index * entrySize;
    if (depth > 0) {
      const child = node.readUInt16LE(at + 8) * 2 ** 32 + node.readUInt32LE(at + 4);
      yield* walk(volume, inode, volume.metadata(child), depth - 1);
      continue;
    }
    const length = node.readUInt16LE(at + 4);
    if (length === 0) throw damaged(`an extent of inode ${inode} is empty`);
    const written = length <= longestWritten;
    yield {
      logical: node.readUInt32LE(at),
      length: written ? length : length - longestWritten,
      physical: written ? node.readUInt16LE(at + 6) * 2 ** 32 + node.readUInt32LE(at + 8) : undefined,
    };
  }
}
