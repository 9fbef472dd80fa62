import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { run } from '../../host/index.ts';
import type { FileSystemTools } from '../tools.ts';

/** A regular file of a folder. */
export interface ListedFile {
  readonly name: string;
  readonly size: number;
}

/** A file system inside a file, as all of e2fsprogs takes it: `path?offset=bytes`. */
export function within(path: string, offset: number): string {
  return offset === 0 ? path : `${path}?offset=${offset}`;
}

/** The regular files of a folder in a file system; none where there is no such folder. */
export async function listFolder(tools: FileSystemTools, device: string, folder: string, signal?: AbortSignal): Promise<ListedFile[]> {
  const command = tools.tool('debugfs', ['-R', `ls -p ${folder}`, device]);
  const { stdout } = await run(command, { doing: `looking into ${folder}`, ...(signal ? { signal } : {}) });
  return parseListing(stdout);
}

/** Reads what `ls -p` of debugfs says: `/inode/mode/owner/group/name/size/`, one file a line. */
export function parseListing(text: string): ListedFile[] {
  return [...text.matchAll(/^\/\d+\/(\d+)\/\d+\/\d+\/([^/\n]+)\/(\d+)\/$/gm)]
    .filter(([, mode]) => mode!.startsWith('10'))
    .map(([, , name, size]) => ({ name: name!, size: Number(size) }));
}

export interface Dump {
  /** The file's absolute path in the file system; only letters, digits and `/._+~-`, as debugfs splits words itself. */
  readonly source: string;
  readonly size: number;
  /** Where it goes: all in the same folder, with names as above. */
  readonly target: string;
}

/** Takes files out of a file system without mounting it. */
export async function dumpFiles(tools: FileSystemTools, device: string, dumps: readonly Dump[], signal?: AbortSignal): Promise<void> {
  const lines = dumps.map(({ source, target }) => `dump ${source} ${basename(target)}\n`);
  const folder = dirname(dumps[0]!.target);
  const command = { ...tools.tool('debugfs', ['-f', '-', device]), cwd: folder };
  const said: string[] = [];
  await run(command, {
    doing: 'taking out the kernel',
    input: lines.join(''),
    onLine: (line) => said.push(line),
    ...(signal ? { signal } : {}),
  });
  // debugfs ends with status 0 whatever happens.
  for (const { source, size, target } of dumps) {
    const found = await stat(target).catch(() => undefined);
    if (found?.size !== size) throw new Error(`debugfs did not take out ${source}: ${said.join('\n')}`);
  }
}
