import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, ownedName } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { z } from 'zod';
import { compareVersions, isVersion } from './version.ts';

const hex = (digits: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

const versionSchema = z.strictObject({
  format: z.literal('nx-debian-image-version:1'),
  product: z.strictObject({
    image: z.string(),
    release: z.strictObject({ codename: z.string(), version: z.string() }),
    architecture: z.string(),
    description: z.string().optional(),
    os: z.string(),
  }),
  version: z.string().refine(isVersion),
  items: z.array(
    z.strictObject({
      name: z.string(),
      ftype: z.string(),
      size: z.int().nonnegative(),
      sha256: hex(64),
      sha512: hex(128),
      md5: hex(32),
      fields: z.record(z.string(), z.string()).optional(),
    }),
  ),
  withdrawn: z.boolean().optional(),
});

/** What a version folder says of itself in its `version.json`; the index is made from these files alone. */
export type Version = z.infer<typeof versionSchema>;

export const versionFormat = 'nx-debian-image-version:1';
const fileName = 'version.json';

/** Writes `version.json` into a version folder, at once. */
export async function writeVersion(folder: string, version: Version): Promise<void> {
  const temporary = join(folder, `.${await ownedName()}`);
  try {
    await writeFile(temporary, canonicalJson(version));
    await rename(temporary, join(folder, fileName));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The versions of an image in a catalog, oldest first; withdrawn ones too. Folders that no longer say what they are give a warning. */
export async function readVersions(catalog: string, image: string, progress: Progress): Promise<Version[]> {
  const versions: Version[] = [];
  for (const name of await versionNames(catalog, image)) {
    const file = join(catalog, image, name, fileName);
    const problem = await readVersion(file).then(
      (version) => {
        if (version.version !== name || version.product.image !== image) return `it is of ${version.product.image} ${version.version}`;
        versions.push(version);
        return undefined;
      },
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (problem !== undefined) progress.warn(`${file} cannot be used, so the catalog does not list this version: ${problem}`);
  }
  return versions;
}

/** The names of an image's version folders, oldest first: all of them, for `nextVersion`. */
export async function versionNames(catalog: string, image: string): Promise<string[]> {
  return (await namesIn(join(catalog, image))).filter(isVersion).toSorted(compareVersions);
}

/** The images that have a folder in a catalog, in alphabetical order. */
export async function imagesIn(catalog: string): Promise<string[]> {
  return (await namesIn(catalog)).filter(isImageName).toSorted();
}

/** Whether a name can be an image's folder in a catalog. */
export function isImageName(name: string): boolean {
  return /^[A-Za-z0-9][\w.+-]*$/.test(name) && name !== 'streams';
}

async function readVersion(file: string): Promise<Version> {
  return versionSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
