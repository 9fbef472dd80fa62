import { posix } from 'node:path';
import type { Tree } from '@nx/devkit';
import { checkName, writeNew } from './files.ts';
import init, { imagesFolder } from './init.ts';
import { copyShippedProfile, shippedProfiles } from './shipped.ts';

export interface ProfileOptions {
  readonly name: string;
  readonly directory?: string;
  readonly description?: string;
}

/**
 * Begins a profile: `DIRECTORY/profiles/NAME/profile.json`. One that comes with the plugin is copied with its files, to be changed; any
 * other is empty. Fails as `invalid` on a bad or taken name.
 */
export default async function profile(tree: Tree, options: ProfileOptions): Promise<void> {
  const { name, directory = imagesFolder, description } = options;
  checkName('profile', name);
  await init(tree);
  const folder = posix.join(directory, 'profiles', name);
  if (shippedProfiles().includes(name) && description === undefined) copyShippedProfile(tree, name, folder);
  else writeNew(tree, 'profile', folder, { ...(description === undefined ? {} : { description }), packages: [] });
}
