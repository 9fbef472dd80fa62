import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tree } from '@nx/devkit';
import { writeNew } from './files.ts';

/** The folder of profiles that come with the plugin: packed into it, and in its own repository among the images. */
function shippedFolder(): string {
  const packed = fileURLToPath(new URL('../../profiles', import.meta.url));
  return existsSync(packed) ? packed : fileURLToPath(new URL('../../../../images/profiles', import.meta.url));
}

/** The names of the profiles that come with the plugin. */
export function shippedProfiles(): string[] {
  return readdirSync(shippedFolder()).toSorted();
}

/** Copies a profile that comes with the plugin into the workspace, to be changed there. */
export function copyShippedProfile(tree: Tree, name: string, folder: string): void {
  const from = join(shippedFolder(), name);
  const { $schema: _schema, ...content } = JSON.parse(readFileSync(join(from, 'profile.json'), 'utf8')) as Record<string, unknown>;
  writeNew(tree, 'profile', folder, content);
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const file = join(from, path);
    const facts = statSync(file);
    if (facts.isFile() && path !== 'profile.json') tree.write(`${folder}/${path}`, readFileSync(file), { mode: facts.mode & 0o777 });
  }
}
