import { mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, ownedName } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { visible } from './plan.ts';
import { productsPath, simplestreams } from './simplestreams.ts';
import { imagesIn, readVersions, type Version } from './versions.ts';

/**
 * Makes what follows from the version folders: each image's `latest` and the simplestreams tree. Each is replaced at once, and only
 * where it changes. `without` names versions of one image that are about to be removed. Call it under the catalog's lock.
 */
export async function refresh(catalog: string, progress: Progress, without: { image: string; versions: readonly string[] }): Promise<void> {
  const all: Version[] = [];
  for (const image of await imagesIn(catalog)) {
    const gone = image === without.image ? without.versions : [];
    const seen = visible(await readVersions(catalog, image, progress)).filter(({ version }) => !gone.includes(version));
    await pointLatest(join(catalog, image), seen.at(-1)?.version);
    all.push(...seen);
  }
  const { index, products } = simplestreams(all);
  await replaceText(join(catalog, productsPath), canonicalJson(products));
  await replaceText(join(catalog, 'streams/v1/index.json'), canonicalJson(index));
}

async function pointLatest(folder: string, version: string | undefined): Promise<void> {
  const latest = join(folder, 'latest');
  if (version === undefined) return rm(latest, { force: true });
  if ((await readlink(latest).catch(() => undefined)) === version) return;
  const temporary = join(folder, `.${await ownedName()}`);
  await symlink(version, temporary);
  await rename(temporary, latest);
}

async function replaceText(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return;
  await mkdir(dirname(file), { recursive: true });
  const temporary = join(dirname(file), `.${await ownedName()}`);
  await writeFile(temporary, text);
  await rename(temporary, file);
}
