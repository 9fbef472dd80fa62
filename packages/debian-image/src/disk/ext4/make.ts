import { open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, formatBytes, type Progress } from '@nx-debian-image/report';
import { run } from '../../host/index.ts';
import { mergedPieces, pieceStream, totalBytes } from '../layers/merged-tar.ts';
import type { Tree } from '../layers/merge.ts';
import { treeStatistics } from '../layers/statistics.ts';
import { withFile } from '../read-at.ts';
import type { FileSystemTools } from '../tools.ts';
import type { Ext4Profile } from './profile.ts';
import { blockSize } from './geometry.ts';
import { completeExt4 } from './complete.ts';
import { type Ext4Identity, mke2fsCommand, mke2fsConfig } from './mke2fs.ts';
import { type Ext4Plan, planExt4 } from './plan.ts';
import { readSuperblock, type Superblock } from './superblock.ts';

export interface Ext4Options {
  readonly tree: Tree;
  /** The file to make, in a folder that is ours; whatever has this name is replaced. */
  readonly path: string;
  /** The byte where the file system begins. */
  readonly offset: number;
  /** Bytes to leave free. */
  readonly freeBytes: number;
  readonly profile: Ext4Profile;
  readonly seed: string;
  readonly identity?: Ext4Identity;
  /** Whether to keep times after the epoch, and what mke2fs leaves out of a tar: see `completeExt4`. */
  readonly faithful?: boolean;
  readonly epoch: number;
  readonly tools: FileSystemTools;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** What more than planned may be free before it is made again: a share of all blocks, and a number of them. */
const tolerance = { share: 0.01, blocks: 256 };
/** A file that mke2fs has to lay in many pieces takes a block to list them. One in so many blocks at most does. */
const spreadBlocks = 1 << 14;
/** What is added when mke2fs says it is too small. */
const growth = 0.02;
const mostTries = 3;

/**
 * Makes an ext4 of a tree with as much free space as asked for, and little more. The size is reckoned beforehand; where mke2fs disagrees it is
 * made again. Failures: those of `run`.
 */
export async function makeExt4(options: Ext4Options): Promise<Superblock> {
  const { tree, freeBytes, profile, progress } = options;
  const statistics = treeStatistics(tree);
  const spareBlocks = Math.floor(statistics.contentBlocks / spreadBlocks);
  let plan = planExt4({ statistics, freeBytes: freeBytes + spareBlocks * blockSize, profile });
  for (let tries = 1; ; tries += 1) {
    const made = await makeOnce(options, plan);
    const excess = made && made.freeBlocks - plan.freeBlocks;
    const enough = made !== undefined && made.freeBlocks * blockSize >= freeBytes;
    const tolerated = Math.max(tolerance.blocks, plan.blocks * tolerance.share);
    if (enough && (excess! <= tolerated || tries === mostTries)) return made;
    if (tries === mostTries) throw new Error(`mke2fs does not fit ${JSON.stringify(statistics)} into ${plan.blocks} blocks`);
    const blocks = made ? made.blocks - excess! : plan.blocks + Math.ceil(plan.blocks * growth);
    progress.note(`the root file system came out too ${enough ? 'large' : 'small'}: once more with ${formatBytes(blocks * blockSize)}`);
    plan = { ...plan, blocks };
  }
}

/** Undefined where it was too small. */
async function makeOnce(options: Ext4Options, plan: Ext4Plan): Promise<Superblock | undefined> {
  const { tree, path, offset, profile, seed, identity, faithful = false, epoch, tools, progress, signal } = options;
  const configFile = join(dirname(path), 'mke2fs.conf');
  await writeFile(configFile, mke2fsConfig);
  await rm(path, { force: true });
  const file = await open(path, 'wx');
  await file.truncate(offset + plan.blocks * blockSize);
  await file.close();
  const pieces = mergedPieces(tree);
  const meter = progress.meter('root file system', totalBytes(pieces));
  const tooSmall = new Failure('no-space', 'the file system is too small');
  try {
    const more = { ...(identity ? { identity } : {}), keepTimes: faithful };
    await run(mke2fsCommand(tools, { plan, profile, path, offset, seed, epoch, configFile, ...more }), {
      doing: 'making the root file system',
      input: pieceStream(pieces, meter.add),
      explain: (said) => (/Could not allocate (block|inode)|No free (space|inodes)/i.test(said) ? tooSmall : undefined),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error === tooSmall) return undefined;
    throw error;
  }
  if (faithful) await completeExt4(options);
  meter.done();
  const superblock = withFile(path, (bytes) => readSuperblock(bytes, offset));
  if (!superblock) throw new Error('mke2fs left no file system');
  return superblock;
}
