import { readdir, readlink, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import type { Image, ImageFile, ImageScript } from '../../image/index.ts';

/** Something that has to lie in the folder given to the script, before it runs. */
export interface StagedFile {
  /** Its path in that folder, such as `files/0`. */
  readonly path: string;
  /** The file on this machine, absolute. */
  readonly source: string;
}

/** Something that `files` of image.json puts into the tree. Owners are names, looked up inside the tree once its users exist. */
export interface FileEntry {
  readonly kind: 'file' | 'folder' | 'link';
  /** Where it goes in the tree, absolute. */
  readonly target: string;
  readonly owner: string;
  /** Undefined: the main group of the owner. */
  readonly group: string | undefined;
  /** Such as 0o644; of folders it is for those that are new. */
  readonly mode: number;
  /** Of a file: where it lies before. */
  readonly staged?: StagedFile;
  /** Of a link: what it points to. */
  readonly linkTo?: string;
}

/** Everything below `files` of image.json, in order, folders before what is in them; names sorted, so that every machine gets the same. */
export async function planFiles(image: Pick<Image, 'files'>): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const file of image.files) {
    const { source } = file;
    const facts = await stat(source);
    if (facts.isDirectory()) await addFolder(source, file.target, file, entries);
    else addFile(source, file.target.endsWith('/') ? file.target + basename(source) : file.target, facts.mode, file, entries);
  }
  return entries;
}

async function addFolder(source: string, target: string, file: ImageFile, entries: FileEntry[]): Promise<void> {
  const { owner, group } = file;
  const names = await readdir(source, { withFileTypes: true });
  names.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of names) {
    const from = join(source, entry.name);
    const to = posix.join(target, entry.name);
    if (entry.isSymbolicLink()) entries.push({ kind: 'link', target: to, owner, group, mode: 0o777, linkTo: await readlink(from) });
    else if (entry.isFile()) addFile(from, to, (await stat(from)).mode, file, entries);
    else if (entry.isDirectory()) {
      entries.push({ kind: 'folder', target: to, owner, group, mode: 0o755 });
      await addFolder(from, to, file, entries);
    }
  }
}

function addFile(source: string, target: string, sourceMode: number, { owner, group, mode }: ImageFile, entries: FileEntry[]): void {
  const path = `files/${entries.length}`;
  const kept = (sourceMode & 0o100) === 0 ? 0o644 : 0o755;
  entries.push({ kind: 'file', target: posix.normalize(target), owner, group, mode: mode ?? kept, staged: { path, source } });
}

/** The scripts of image.json as they have to lie in the folder given to the script; each with its execute bit set. */
export function planScripts(image: Pick<Image, 'scripts'>): StagedFile[] {
  return image.scripts.map((script, index) => ({ path: scriptPath(script, index), source: script.source }));
}

/** Where a script of image.json lies in that folder: under its own name, since it may say it. */
export function scriptPath({ path }: Pick<ImageScript, 'path'>, index: number): string {
  return `scripts/${index}/${posix.basename(path)}`;
}
