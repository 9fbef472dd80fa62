import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { suggest } from '@nx-debian-image/report';
import type { Problem } from './problems.ts';
import type { ParsedImage } from './schema.ts';

interface Reference {
  readonly path: string;
  readonly file: string;
  readonly folderAllowed: boolean;
}

type NamesFiles = Pick<ParsedImage, 'files' | 'scripts'> & {
  readonly install: ParsedImage['install'] | Omit<ParsedImage['install'], 'keyring' | 'mirror' | 'method' | 'installer'>;
};

/** The files that image.json or profile.json names and that are not there, or are something else than they must be. */
export async function findMissingFiles(image: NamesFiles, folder: string, kind: string): Promise<Problem[]> {
  const keyring = 'keyring' in image.install ? image.install.keyring : undefined;
  const references: Reference[] = [
    ...(keyring === undefined ? [] : [{ path: 'install.keyring', file: keyring, folderAllowed: false }]),
    ...image.files.map(({ source }, index) => ({ path: `files[${index}].source`, file: source, folderAllowed: true })),
    ...image.scripts.map((file, index) => ({ path: `scripts[${index}]`, file, folderAllowed: false })),
  ];
  const problems = await Promise.all(references.map((reference) => check(reference, folder, kind)));
  return problems.filter((problem) => problem !== undefined);
}

async function check({ path, file, folderAllowed }: Reference, folder: string, kind: string): Promise<Problem | undefined> {
  const full = join(folder, file);
  const found = await stat(full).catch(() => undefined);
  if (found?.isFile() || (folderAllowed && found?.isDirectory())) return undefined;
  const wanted = folderAllowed ? 'a file or folder' : 'a file';
  if (found) return { path, message: `${JSON.stringify(file)} is not ${wanted}` };
  const parent = dirname(file);
  const names = (await readdir(join(folder, parent)).catch(() => [])).map((name) => (parent === '.' ? name : `${parent}/${name}`));
  const near =
    suggest(file, names) ??
    suggest(
      basename(file),
      names.map((name) => basename(name)),
    );
  return { path, message: `there is no ${JSON.stringify(file)} in the ${kind}'s folder${near === undefined ? '' : `; ${near}`}` };
}
