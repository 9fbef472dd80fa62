import { readFile } from 'node:fs/promises';
import { contentOf, linkTarget } from '../../../disk/ext4/read/content.ts';
import { type FileSystem, openFileSystem } from '../../../disk/ext4/read/file-system.ts';
import { walk, type WalkedEntry } from '../../../disk/ext4/read/walk.ts';
import { unpackedParts } from '../../../disk/compare/ramdisks.ts';
import { withFile } from '../../../disk/read-at.ts';
import type { Check } from '../check.ts';
import { leftoverKinds, leftoverOf } from './leftovers.ts';
import { wordsIn } from './traces.ts';

export interface Inspection {
  /** The root file system of the image. */
  readonly root: string;
  readonly ramdisk: string;
  /** See `traceWords`. */
  readonly words: readonly string[];
  readonly signal?: AbortSignal;
}

const shown = 5;

/** What can be seen of an image that does not run: what all its instances would share, and what tells of the machine that built it. */
export async function inspect({ root, ramdisk, words, signal }: Inspection): Promise<Check[]> {
  const seen = withFile(root, (file) => look(openFileSystem(file, 0, file.size), words));
  const traces = [...seen.traces, ...(await inRamdisk(ramdisk, words, signal))];
  return [
    absent('no host keys in the image', seen.hostKeys),
    absent('no machine-id in the image', seen.machineId === '' || seen.machineId === 'uninitialized' ? [] : [seen.machineId]),
    absent(`no ${leftoverKinds.join(', ')}`, seen.leftovers),
    absent('no trace of this machine', traces, `none of ${words.length} words`),
  ];
}

function look(fileSystem: FileSystem, words: readonly string[]) {
  const seen = { hostKeys: [] as string[], machineId: '', leftovers: [] as string[], traces: [] as string[] };
  for (const entry of walk(fileSystem)) {
    const { path, inode } = entry;
    if (/^etc\/ssh\/ssh_host_.*_key/.test(path)) seen.hostKeys.push(`/${path}`);
    if (path === 'etc/machine-id') seen.machineId = textOf(fileSystem, entry).trim();
    const what = inode.type === 'file' ? leftoverOf(path, inode.size) : undefined;
    if (what !== undefined) seen.leftovers.push(`/${path} (${what})`);
    for (const word of words) if (path.slice(path.lastIndexOf('/') + 1).includes(word)) seen.traces.push(`/${path}: its name has ${word}`);
    for (const word of wordsIn(piecesOf(fileSystem, entry), words)) seen.traces.push(`/${path} has ${word}`);
  }
  return seen;
}

function* piecesOf(fileSystem: FileSystem, { inode, first }: WalkedEntry): Generator<Buffer> {
  if (first !== undefined) return;
  if (inode.type === 'symlink') yield Buffer.from(linkTarget(fileSystem, inode), 'latin1');
  if (inode.type === 'file') for (const { bytes } of contentOf(fileSystem, inode)) yield bytes;
}

function textOf(fileSystem: FileSystem, entry: WalkedEntry): string {
  return Buffer.concat([...piecesOf(fileSystem, entry)].map((piece) => Buffer.from(piece))).toString('utf8');
}

async function inRamdisk(path: string, words: readonly string[], signal: AbortSignal | undefined): Promise<string[]> {
  const found = new Set<string>();
  for await (const part of unpackedParts(await readFile(path), signal)) for (const word of wordsIn([part], words)) found.add(word);
  return [...found].map((word) => `the ramdisk has ${word}`);
}

function absent(name: string, found: readonly string[], value = 'none'): Check {
  if (found.length === 0) return { name, ok: true, value };
  const more = found.length > shown ? [`and ${found.length - shown} more`] : [];
  return { name, ok: false, value: [...found.slice(0, shown), ...more].join(', ') };
}
