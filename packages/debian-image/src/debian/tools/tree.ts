import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '@nx-debian-image/artifact-store';
import type { BootLoaderTool, BootLoaderTools } from '../../disk/boot-loader/tools.ts';
import type { FileSystemTool, FileSystemTools } from '../../disk/tools.ts';
import { type Command, command, run } from '../../host/index.ts';
import { digestOf } from '../archive/fetch.ts';
import type { LockedPackage } from '../archive/package.ts';

const programs: Readonly<Record<FileSystemTool | BootLoaderTool, string>> = {
  mke2fs: 'usr/sbin/mke2fs',
  debugfs: 'usr/sbin/debugfs',
  dumpe2fs: 'usr/sbin/dumpe2fs',
  e2fsck: 'usr/sbin/e2fsck',
  resize2fs: 'usr/sbin/resize2fs',
  'grub-mkimage': 'usr/bin/grub-mkimage',
  mtools: 'usr/bin/mtools',
};

/** Tools in a folder of their own. */
export interface ToolTree extends FileSystemTools, BootLoaderTools {
  /** Calls a program of the packages that were asked for. */
  tool(name: FileSystemTool | BootLoaderTool, args: readonly string[], env?: Readonly<Record<string, string>>): Command;
}

/**
 * The tools out of packages of the store, unpacked once into `tools/<digest>` there and run through their own loader, so that
 * they are the same on every machine and need nothing installed.
 */
export async function openToolTree(packages: readonly LockedPackage[], store: Store, signal: AbortSignal): Promise<ToolTree> {
  const folder = treeFolder(packages, store);
  if (!(await exists(join(folder, 'complete')))) await unpack(packages, folder, store, signal);
  const libraries = join(folder, 'usr/lib', await multiarchFolder(folder));
  const loader = join(libraries, (await readdir(libraries)).find((file) => /^ld-linux.*\.so\.\d+$|^ld64\.so\.\d+$/.test(file)) ?? 'ld.so');
  return {
    folder,
    tool: (tool, args, env = {}) => command(loader, ['--library-path', libraries, join(folder, programs[tool]), ...args], { env }),
  };
}

/** Whether the tools of these packages are unpacked, so that the packages themselves are not asked for. */
export function isComplete(packages: readonly LockedPackage[], store: Store): Promise<boolean> {
  return exists(join(treeFolder(packages, store), 'complete'));
}

function treeFolder(packages: readonly LockedPackage[], store: Store): string {
  const name = createHash('sha256')
    .update(packages.map(({ sha256 }) => sha256).join('\n'))
    .digest('hex')
    .slice(0, 16);
  return join(store.folder, 'tools', name);
}

async function unpack(packages: readonly LockedPackage[], folder: string, store: Store, signal: AbortSignal): Promise<void> {
  await mkdir(join(store.folder, 'tools'), { recursive: true });
  const scratch = await store.scratch();
  const tree = join(scratch.folder, 'tree');
  for (const entry of packages) {
    await run(command('dpkg-deb', ['--extract', store.blobPath(digestOf(entry)), tree]), {
      doing: `unpacking ${entry.name} of the tools`,
      signal,
    });
  }
  await writeFile(join(tree, 'complete'), '');
  // whoever comes first places it; the same packages make the same tree
  await rename(tree, folder).catch(async (error: unknown) => {
    if (!(await exists(join(folder, 'complete')))) throw error;
  });
  await scratch.dispose();
}

async function multiarchFolder(folder: string): Promise<string> {
  const found = (await readdir(join(folder, 'usr/lib'))).find((entry) => entry.includes('-linux-gnu'));
  if (found === undefined) throw new Error(`no libraries in ${folder}`);
  return found;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
