import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, readCatalogue } from '../inference/catalogue.ts';

/** The images and profiles among the folders of a workspace's projects. */
export function catalogueOf(roots: readonly string[], workspaceRoot: string): Catalogue {
  const files = roots.flatMap((root) => ['image.json', 'profile.json'].map((file) => join(root, file)));
  return readCatalogue(
    files.filter((file) => existsSync(join(workspaceRoot, file))),
    workspaceRoot,
  );
}
