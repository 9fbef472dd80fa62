import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type FileKind, type ImageFile, readImageFile } from './image-file.ts';

/** An image or a profile of the workspace. */
export interface Entry {
  readonly kind: FileKind;
  /** Its folder, from the workspace's root. */
  readonly root: string;
  /** The name of its folder, by which others ask for it. */
  readonly name: string;
  /** The name of its project: its own for an image, `profile-NAME` for a profile; by the whole folder where another has that name. */
  readonly project: string;
  readonly file: ImageFile;
}

/** All images and profiles of a workspace. */
export class Catalogue {
  readonly entries: readonly Entry[];
  readonly #byName = new Map<string, Entry>();

  constructor(entries: readonly Entry[]) {
    this.entries = entries;
    for (const entry of entries)
      if (!this.#byName.has(`${entry.kind} ${entry.name}`)) this.#byName.set(`${entry.kind} ${entry.name}`, entry);
  }

  named(kind: FileKind, name: string): Entry | undefined {
    return this.#byName.get(`${kind} ${name}`);
  }
}

/** Reads the image.json and profile.json files of a workspace, leaving those of other tools. */
export function readCatalogue(files: readonly string[], workspaceRoot: string): Catalogue {
  const entries: Entry[] = [];
  const taken = new Set<string>();
  for (const path of files.toSorted()) {
    const kind = basename(path, '.json') as FileKind;
    const root = dirname(path);
    const file = readImageFile(join(workspaceRoot, root), kind);
    if (file === undefined) continue;
    const name = basename(join(workspaceRoot, root));
    const [wished, other] = kind === 'image' ? [name, root] : [`profile-${name}`, `profile-${root}`];
    const project = taken.has(wished) ? other.replaceAll('/', '-') : wished;
    taken.add(wished);
    entries.push({ kind, root, name, project, file });
  }
  return new Catalogue(entries);
}

/** The images and profiles among the folders of a workspace's projects. */
export function catalogueOf(roots: readonly string[], workspaceRoot: string): Catalogue {
  const files = roots.flatMap((root) => ['image.json', 'profile.json'].map((file) => join(root, file)));
  return readCatalogue(
    files.filter((file) => existsSync(join(workspaceRoot, file))),
    workspaceRoot,
  );
}
