import { chmod, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { within } from '../disk/ext4/debugfs.ts';
import type { FileSystemTools } from '../disk/tools.ts';
import { type Command, command, run } from '../host/index.ts';

export interface RootPreparation {
  /** The root file system of the image: an ext4 without a partition table. It stays as it is. */
  readonly source: string;
  /** The copy to make. */
  readonly target: string;
  /** The flavour's disk in bytes; the copy's file gets this size. */
  readonly size: number;
  /** Who grows the file system: the host (Nova with images_type=raw) or the guest (Nova's default). */
  readonly growth: 'host' | 'guest';
  /** A line for root's authorized_keys, added to those that are there; none is where not given. */
  readonly publicKey?: string;
  readonly tools: FileSystemTools;
  readonly signal?: AbortSignal;
}

/** This machine's own e2fsprogs. */
export const hostFileSystemTools: FileSystemTools = {
  tool: (name, args, env) => command(name, args, env === undefined ? {} : { env }),
};

const keysFolder = '/root/.ssh';
const keysFile = `${keysFolder}/authorized_keys`;

/**
 * A root file system as Nova gives it to a guest: a sparse copy of the flavour's size, checked and grown where the host does that,
 * with an SSH key for root. No mount, no root. Fails as `invalid` where the flavour is smaller than the image.
 */
export async function prepareRoot(preparation: RootPreparation): Promise<void> {
  const { source, target, size, growth, tools } = preparation;
  const act = (call: Command, doing: string, accept: number[] = []): Promise<unknown> =>
    run(call, { doing, accept, ...(preparation.signal ? { signal: preparation.signal } : {}) });
  await act(command('cp', ['--sparse=always', '--reflink=auto', '--', source, target]), 'copying the root file system');
  // blobs of the store are read-only, and only root could write to a copy that is
  await chmod(target, 0o600);
  await grow(target, size);
  if (growth === 'host') {
    // As nova.virt.disk.api does it. e2fsck says 1 where it corrected something (e2fsck(8)).
    await act(tools.tool('e2fsck', ['-fp', target]), 'checking the root file system', [1]);
    await act(tools.tool('resize2fs', [target]), 'growing the root file system');
  }
  const { publicKey } = preparation;
  if (publicKey !== undefined) await addKey(target, { ...preparation, publicKey });
}

async function grow(target: string, size: number): Promise<void> {
  const { size: now } = await stat(target);
  if (size < now) {
    throw new Failure('invalid', `a flavour's disk of ${size} bytes is smaller than the root file system of ${now} bytes`, {
      where: target,
    });
  }
  await truncate(target, size);
}

/** Adds a line to root's authorized_keys in a file system, without mounting it; `start` is the byte of the file that it begins at. */
export async function addKey(
  path: string,
  {
    tools,
    publicKey,
    signal,
    start = 0,
  }: Pick<RootPreparation, 'tools' | 'signal'> & { readonly publicKey: string; readonly start?: number },
): Promise<void> {
  const target = within(path, start);
  const folder = (await listInside(tools, target, '/root')).includes('.ssh');
  const there = { folder, file: folder && (await listInside(tools, target, keysFolder)).includes('authorized_keys') };
  const before = there.file ? await readInside(tools, target, keysFile) : '';
  const keys = [...before.split('\n').filter((line) => line !== ''), publicKey, ''].join('\n');
  const scratch = await mkdtemp(`${path}.key-`);
  try {
    await writeFile(join(scratch, 'keys'), keys);
    await writeFile(join(scratch, 'commands'), keyCommands('keys', there));
    await run(
      { ...tools.tool('debugfs', ['-w', '-f', 'commands', target]), cwd: scratch },
      { doing: 'adding the SSH key', ...(signal ? { signal } : {}) },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  // debugfs ends with status 0 whatever its commands came to.
  if ((await readInside(tools, target, keysFile)) !== keys) {
    throw new Failure('command-failed', 'debugfs did not write the SSH key', { where: target });
  }
}

/**
 * What debugfs does to put a file of its folder in the place of root's authorized_keys. Only what is needed: its mkdir of a folder
 * that is there leaves a stray inode, which e2fsck then finds (measured with 1.47.0).
 */
function keyCommands(file: string, there: { readonly folder: boolean; readonly file: boolean }): string {
  return [
    ...(there.folder ? [] : [`mkdir ${keysFolder}`]),
    ...(there.file ? [`rm ${keysFile}`] : []),
    `write ${file} ${keysFile}`,
    ...owned(keysFolder, '040700'),
    ...owned(keysFile, '0100600'),
    '',
  ].join('\n');
}

const owned = (path: string, mode: string): string[] => [`sif ${path} mode ${mode}`, `sif ${path} uid 0`, `sif ${path} gid 0`];

/** A file inside an ext4 image as text; empty where it is not there. */
export async function readInside(tools: FileSystemTools, image: string, path: string): Promise<string> {
  return (await run(tools.tool('debugfs', ['-R', `cat ${path}`, image]), { doing: `reading ${path} of the image` })).stdout;
}

/** The names in a folder inside an ext4 image; empty where it is not there. */
export async function listInside(tools: FileSystemTools, image: string, path: string): Promise<string[]> {
  const { stdout } = await run(tools.tool('debugfs', ['-R', `ls -p ${path}`, image]), { doing: `listing ${path} of the image` });
  // "/inode/mode/uid/gid/name/size/" a line (debugfs(8), ls -p).
  return stdout.split('\n').flatMap((line) => line.split('/')[5] ?? []);
}
