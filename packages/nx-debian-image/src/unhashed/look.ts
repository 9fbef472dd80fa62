import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, type Entry, readCatalogue } from '../inference/catalogue.ts';
import { type Sources, unhashedFiles } from './files.ts';
import { publishedNote } from './published.ts';
import { type Unhashed, variableOf } from './variables.ts';

/**
 * The variables of all images and profiles, as digests: what Nx hashes in place of what it does not see. It is looked at before every run, so a
 * changed mode counts although no file event tells the daemon of it. Of an image that the catalog does not have as noted the
 * value is new each time: a hit of Nx's cache then means that an upload with this very note has run before and found nothing to do.
 */
export async function unhashedVariables(workspaceRoot: string, { entries }: Catalogue): Promise<Record<string, string>> {
  const images = entries.filter(({ kind }) => kind === 'image');
  const [files, notes] = await Promise.all([
    unhashedFiles(workspaceRoot, sourcesOf(entries)),
    Promise.all(images.map(async ({ project }) => [project, await publishedNote(workspaceRoot, project)] as const)),
  ]);
  return Object.fromEntries([
    ...[...files].map(([name, lines]) => [variableOf({ kind: 'files', name }), digest(lines.join('\n'))] as const),
    ...notes.map(([name, note]) => [variableOf({ kind: 'published', name }), note === undefined ? randomUUID() : digest(note)] as const),
  ]);
}

/** Enough to tell two apart; every task of Nx gets the variables of all images. */
function digest(text: string): string {
  return text === '' ? '' : createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** What one of the variables stands for, as a person would want it told. */
export async function lookedAt({ kind, name }: Unhashed, workspaceRoot: string): Promise<string> {
  if (kind === 'published') return (await publishedNote(workspaceRoot, name)) ?? 'not as it was published';
  const files = ['image.json', 'profile.json'].map((file) => join(name, file)).filter((file) => existsSync(join(workspaceRoot, file)));
  const sources = sourcesOf(readCatalogue(files, workspaceRoot).entries);
  return ((await unhashedFiles(workspaceRoot, sources)).get(name) ?? []).join('\n');
}

/** A folder can be an image's and a profile's. */
function sourcesOf(entries: readonly Entry[]): Sources[] {
  const byRoot = new Map<string, string[]>();
  for (const { root, file } of entries) byRoot.set(root, [...(byRoot.get(root) ?? []), ...file.sources]);
  return [...byRoot].filter(([, sources]) => sources.length > 0).map(([root, sources]) => ({ root, sources }));
}
