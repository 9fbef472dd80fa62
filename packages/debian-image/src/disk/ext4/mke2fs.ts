import type { Command } from '../../host/index.ts';
import { uuidFrom } from '../identity.ts';
import type { FileSystemTools } from '../tools.ts';
import type { Ext4Profile } from './profile.ts';
import { blockSize, inodeRatio, inodeSize, journalBlocks } from './geometry.ts';
import type { Ext4Plan } from './plan.ts';

/** How a file system is found. */
export interface Ext4Identity {
  readonly uuid: string;
  /** Empty where it has none. */
  readonly label: string;
}

export interface Mke2fsOptions {
  readonly plan: Ext4Plan;
  readonly profile: Ext4Profile;
  /** The file to make it in, and the byte in it where the file system begins. */
  readonly path: string;
  readonly offset: number;
  /** What UUID and hash seed follow from, such as the digests of the layers. */
  readonly seed: string;
  /** What it is called; otherwise `root`, with a UUID of the seed. */
  readonly identity?: Ext4Identity;
  /** The only time that goes into it, in seconds since 1970. */
  readonly epoch: number;
  /** Whether files keep times after the epoch, which otherwise become it. */
  readonly keepTimes?: boolean;
  /** A file with `mke2fsConfig`. */
  readonly configFile: string;
}

export const rootLabel = 'root';

/** mke2fs.conf as it is read instead of the machine's own: everything that counts is said on the command line. */
export const mke2fsConfig = `[defaults]
	blocksize = ${blockSize}
[fs_types]
	ext4 = {
		inode_size = ${inodeSize}
	}
	default = {
		inode_ratio = ${inodeRatio}
	}
`;

/**
 * The call that makes ext4 of a tar on standard input. The file must be new: what is not written counts as zeros, so the inode tables stay
 * holes without the kernel filling them at the first mount. No block is kept for root, as the smallest file system has none to spare.
 */
export function mke2fsCommand(tools: FileSystemTools, options: Mke2fsOptions): Command {
  const { plan, profile, path, offset, seed, epoch, configFile } = options;
  // both set the clock of the tools; the first one is the limit for the times of files too
  const clock = options.keepTimes ? 'E2FSPROGS_FAKE_TIME' : 'SOURCE_DATE_EPOCH';
  const { uuid, label } = options.identity ?? { uuid: uuidFrom(seed, 'root file system'), label: rootLabel };
  const words: Record<string, string> = {
    '-t': 'ext4',
    '-T': 'default',
    '-b': String(blockSize),
    '-I': String(inodeSize),
    '-m': '0',
    ...(plan.inodes === undefined ? { '-i': String(inodeRatio) } : { '-N': String(plan.inodes) }),
    '-L': label,
    '-U': uuid,
    '-J': `size=${(journalBlocks * blockSize) >> 20}`,
    '-O': ['none', ...profile.features].join(','),
    '-E': [
      `offset=${offset}`,
      `hash_seed=${uuidFrom(seed, 'directory hashes')}`,
      'root_owner=0:0,nodiscard,assume_storage_prezeroed=1,lazy_itable_init=0,lazy_journal_init=0',
    ].join(','),
    '-d': '-',
  };
  const args = ['-q', '-F', ...Object.entries(words).flat(), path, String(plan.blocks)];
  return tools.tool('mke2fs', args, { MKE2FS_CONFIG: configFile, [clock]: String(epoch) });
}
