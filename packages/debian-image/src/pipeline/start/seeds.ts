import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtifact } from '@nx-debian-image/artifact-store';
import { configDrive, type MachineDisk, noCloudSeed, type Seed } from '../../machine/index.ts';
import type { Build } from '../build.ts';

/**
 * Disks in a folder on which cloud-init finds user data: a config drive and a NoCloud seed, for images listen to one or the other. Warns where
 * nothing in the image will read them.
 */
export async function prepareSeeds(
  build: Build,
  { folder, ...given }: Required<Pick<Seed, 'publicKeys' | 'userData'>> & { readonly folder: string },
): Promise<MachineDisk[]> {
  const { name: image, hostname } = build.image;
  if (!(await hasCloudInit(build))) build.progress.warn(`${image} has no package cloud-init, so nothing in it reads the user data`);
  const seed = { instance: randomUUID(), hostname, ...given };
  const seeds = { 'config-drive': configDrive(seed), 'no-cloud': noCloudSeed(seed) };
  for (const [name, bytes] of Object.entries(seeds)) await writeFile(join(folder, name), bytes);
  return Object.keys(seeds).map((name) => ({ path: join(folder, name), format: 'raw', readOnly: true }));
}

/** Whether install has the package, of this image or one that it starts from; true where nobody knows. */
async function hasCloudInit(build: Build): Promise<boolean> {
  const installed = await readArtifact(build.folder('install'));
  if (installed === undefined) return true;
  const { packages } = installed.config as { readonly packages: readonly { readonly name: string }[] };
  return packages.some(({ name }) => name === 'cloud-init') || (build.parent !== undefined && hasCloudInit(build.parent));
}
