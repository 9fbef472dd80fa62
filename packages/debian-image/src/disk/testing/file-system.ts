import { createHash } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../host/index.ts';
import { contentOf } from '../ext4/read/content.ts';
import { openFileSystem } from '../ext4/read/file-system.ts';
import { walk } from '../ext4/read/walk.ts';
import { entryOf } from '../ext4/read/write-tar.ts';
import type { NewEntry } from '../layers/tar-entry.ts';
import { withFile } from '../read-at.ts';
import type { FileSystemTool } from '../tools.ts';
import { type TestEntry, writeTar } from './tar.ts';
import { testTools } from './tools.ts';

/** For tests: runs a tool of e2fsprogs and gives what it says. */
export async function tool(name: FileSystemTool, args: readonly string[], accept = [0]): Promise<string> {
  const lines: string[] = [];
  await run(testTools().tool(name, args, { MKE2FS_CONFIG: '/dev/null' }), { doing: name, onLine: (line) => lines.push(line), accept });
  return lines.join('\n');
}

export interface FileSystemWish {
  /** What mke2fs is told beside the tree. */
  readonly args: readonly string[];
  readonly megabytes: number;
  readonly entries: readonly TestEntry[];
  /** What debugfs does to it afterwards: the attributes and times that mke2fs takes from no tar. */
  readonly changes?: readonly string[];
  /** Makes the directories hash trees, where the feature is on. */
  readonly hashed?: boolean;
}

/** For tests: a file with a file system that mke2fs made of a tree, and that e2fsck finds sound. */
export async function makeFileSystem(folder: string, name: string, wish: FileSystemWish): Promise<string> {
  const { args, megabytes, entries, changes = [], hashed = false } = wish;
  const path = join(folder, name);
  const tar = await writeTar(`${path}.tar`, entries);
  await writeFile(path, '');
  await truncate(path, megabytes << 20);
  await tool('mke2fs', ['-q', '-F', ...args, '-d', tar, path]);
  if (changes.length > 0) {
    await writeFile(`${path}.changes`, changes.map((change) => `${change}\n`).join(''));
    await tool('debugfs', ['-w', '-f', `${path}.changes`, path]);
  }
  // status 1: it has changed what it was asked to
  if (hashed) await tool('e2fsck', ['-fyD', path], [0, 1]);
  await tool('e2fsck', ['-fn', path]);
  return path;
}

/** For tests: all that is kept of a file, its content as a digest. */
export type SeenEntry = NewEntry & { readonly digest: string };

export const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** For tests: everything in a file system that begins at a byte of a file, by path; lost+found and sockets are left out. */
export function lookInto(path: string, start = 0): Map<string, SeenEntry> {
  return withFile(
    path,
    (bytes) => {
      const fileSystem = openFileSystem(bytes, start, bytes.size - start);
      const found = new Map<string, SeenEntry>();
      for (const walked of walk(fileSystem)) {
        if (walked.path === 'lost+found' || walked.inode.type === 'socket') continue;
        const entry = entryOf(fileSystem, walked);
        const content = Buffer.alloc(entry.size);
        if (entry.type === 'file')
          for (const { position, bytes: part } of contentOf(fileSystem, walked.inode)) part.copy(content, position);
        found.set(walked.path, { ...entry, digest: digestOf(content) });
      }
      return found;
    },
    1 << 16,
  );
}
