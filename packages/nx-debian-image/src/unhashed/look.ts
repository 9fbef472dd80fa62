import { join } from 'node:path';
import { noteThatHolds } from '@nx-debian-image/debian-image/catalog-note';
import type { Catalogue, Entry } from '../inference/catalogue.ts';
import { lineageOf } from '../inference/lineage.ts';
import { type Sources, unhashedFiles } from './files.ts';

/** A project's target with a key that says more than files; `root` is the project's folder from the workspace's root. */
export interface Looked {
  readonly executor: 'configure' | 'upload';
  readonly project: string;
  readonly root: string;
}

/** What Nx does not see of what decides a target, as text by what it is about: a folder, or the catalog; undefined where that is not as it was. */
export type Seen = Readonly<Record<string, string | undefined>>;

/** The executor of a target, where it is one of those that are looked at. */
export function lookedAt(executor: string | undefined): Looked['executor'] | undefined {
  const name = executor?.replace(/^nx-debian-image:/, '');
  return name === 'configure' || name === 'upload' ? name : undefined;
}

/**
 * Looks at the disk for some targets: of configure at the files of the image and its profiles (`unhashedFiles`), of upload at what the last one
 * noted of the catalog.
 */
export async function look(targets: readonly Looked[], catalogue: Catalogue, workspaceRoot: string): Promise<Seen[]> {
  const entries = targets.map((target) => (target.executor === 'configure' ? entriesOf(target, catalogue) : []));
  // a profile is looked at once for all its images
  const files = await unhashedFiles(workspaceRoot, [...new Set(entries.flat())].map(sourcesOf));
  return Promise.all(
    targets.map(async ({ executor, project }, index) =>
      executor === 'upload'
        ? { catalog: await noteThatHolds(join(workspaceRoot, 'dist', project)) }
        : Object.fromEntries(entries[index]!.flatMap(({ root }) => told(root, files.get(root)!))),
    ),
  );
}

function told(root: string, lines: readonly string[]): [string, string][] {
  return lines.length === 0 ? [] : [[root, lines.join('\n')]];
}

/** The image of a target and its profiles, as far as they have files. */
function entriesOf({ root }: Looked, catalogue: Catalogue): Entry[] {
  const image = catalogue.entries.find((entry) => entry.kind === 'image' && entry.root === root);
  const entries = image === undefined ? [] : [image, ...lineageOf(image, catalogue).profiles];
  return entries.filter(({ file }) => file.sources.length > 0);
}

function sourcesOf({ root, file }: Entry): Sources {
  return { root, sources: file.sources };
}
