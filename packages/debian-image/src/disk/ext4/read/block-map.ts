import type { Inode } from './inode.ts';
import type { Run, Volume } from './volume.ts';

/** Pointers to blocks of content in the inode; three more lead to blocks of pointers, of pointers to such, and once more. */
const direct = 12;

/**
 * The runs of a file of `blocks` blocks whose map is the older one of ext2 and ext3 (Documentation/filesystems/ext4/blockmap.rst), in the
 * order of the file.
 */
export function* mappedRuns(volume: Volume, { map }: Inode, blocks: number): Generator<Run> {
  let run: Run | undefined;
  for (const [logical, physical] of pointers(volume, map, blocks)) {
    if (run && logical === run.logical + run.length && physical === run.physical + run.length) {
      run = { ...run, length: run.length + 1 };
      continue;
    }
    if (run) yield run;
    run = { logical, physical, length: 1 };
  }
  if (run) yield run;
}

function* pointers(volume: Volume, map: Buffer, blocks: number): Generator<[logical: number, physical: number]> {
  for (let index = 0; index < Math.min(direct, blocks); index += 1) {
    const physical = map.readUInt32LE(index * 4);
    if (physical !== 0) yield [index, physical];
  }
  let first = direct;
  for (let level = 1; level <= 3 && first < blocks; level += 1) {
    yield* below(volume, map.readUInt32LE((direct + level - 1) * 4), { level, first, blocks });
    first += (volume.layout.blockSize / 4) ** level;
  }
}

interface Place {
  /** How many blocks of pointers lie between this one and the content, itself counted. */
  readonly level: number;
  /** The first block of the file that it leads to. */
  readonly first: number;
  readonly blocks: number;
}

function* below(volume: Volume, block: number, { level, first, blocks }: Place): Generator<[logical: number, physical: number]> {
  if (block === 0) return;
  const node = volume.metadata(block);
  const perPointer = (volume.layout.blockSize / 4) ** (level - 1);
  for (let at = 0; at < node.length; at += 4) {
    const logical = first + (at / 4) * perPointer;
    if (logical >= blocks) return;
    const pointer = node.readUInt32LE(at);
    if (pointer === 0) continue;
    if (level === 1) yield [logical, pointer];
    else yield* below(volume, pointer, { level: level - 1, first: logical, blocks });
  }
}
