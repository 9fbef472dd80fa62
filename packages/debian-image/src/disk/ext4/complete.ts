import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '@nx-debian-image/report';
import { run } from '../../host/index.ts';
import { attributeRecord } from '../layers/tar-entry.ts';
import type { TarEntry } from '../layers/tar-index.ts';
import { nodeAt, type Tree } from '../layers/merge.ts';
import { withFile } from '../read-at.ts';
import type { FileSystemTools } from '../tools.ts';
import { within } from './debugfs.ts';
import { openFileSystem } from './read/file-system.ts';
import { walk } from './read/walk.ts';

/** The attribute that mke2fs takes from a tar; it passes over all others (misc/create_inode_libarchive.c of e2fsprogs). */
const taken = `${attributeRecord}security.capability`;

interface Completion {
  /** What the file system was made of. */
  readonly tree: Tree;
  /** The file with the file system, which has its folder to itself, and the byte where it begins. */
  readonly path: string;
  readonly offset: number;
  readonly epoch: number;
  readonly tools: FileSystemTools;
  readonly signal?: AbortSignal;
}

/**
 * Puts into a file system what mke2fs leaves out of a tar: fractions of a second, and extended attributes such as access control lists.
 * Fails as `invalid` with what debugfs says where an attribute has no room.
 */
export async function completeExt4({ tree, path, offset, epoch, tools, signal }: Completion): Promise<void> {
  const folder = join(path, '..');
  const changes: string[] = [];
  for (const { entry, inode } of incomplete(tree, path, offset)) {
    const extra = extraTime(entry.records.get('mtime'));
    if (extra > 0) changes.push(`set_inode_field <${inode}> mtime_extra ${extra}`);
    for (const [record, value] of entry.records) {
      if (!record.startsWith(attributeRecord) || record === taken) continue;
      const file = join(folder, `attribute-${changes.length}`);
      await writeFile(file, value, 'latin1');
      changes.push(`ea_set -f ${basename(file)} <${inode}> ${record.slice(attributeRecord.length)}`);
    }
  }
  if (changes.length === 0) return;
  const command = tools.tool('debugfs', ['-w', '-f', '-', within(path, offset)], { E2FSPROGS_FAKE_TIME: String(epoch) });
  const said: string[] = [];
  await run(
    { ...command, cwd: folder },
    {
      doing: 'keeping times and attributes',
      input: changes.map((change) => `${change}\n`).join(''),
      // it ends with status 0 whatever happens, and says its name, its version and each command
      onLine: (line) => void (line.startsWith('debugfs') || line === '' || said.push(line)),
      ...(signal ? { signal } : {}),
    },
  );
  if (said.length > 0) throw new Failure('invalid', 'not all times and attributes can be kept in the new root', { said: said.join('\n') });
}

/** The entries that have more than mke2fs takes, with the numbers that it gave to their inodes. */
function incomplete(tree: Tree, path: string, offset: number): { entry: TarEntry; inode: number }[] {
  return withFile(path, (bytes) => {
    const found: { entry: TarEntry; inode: number }[] = [];
    for (const { path: name, inode, first } of walk(openFileSystem(bytes, offset, bytes.size - offset))) {
      const entry = (name === '' ? tree.root : nodeAt(tree, name)?.inode)?.entry;
      if (entry && first === undefined) found.push({ entry, inode: inode.number });
    }
    return found;
  });
}

/** `i_mtime_extra` of a time in decimal: the nanoseconds, and how often 2^32 seconds have gone by. */
function extraTime(time: string | undefined): number {
  const [, seconds, fraction] = /^(\d+)\.(\d{1,9})$/.exec(time ?? '') ?? [];
  if (seconds === undefined || fraction === undefined) return 0;
  const epochs = Math.floor((Number(seconds) + 2 ** 31) / 2 ** 32);
  return Number(fraction.padEnd(9, '0')) * 4 + epochs;
}
