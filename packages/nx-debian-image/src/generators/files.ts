import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { logger, type Tree } from '@nx/devkit';
import { Failure } from '@nx-debian-image/report';

/** Writes a new image.json or profile.json that names its schema, and says so. Fails as `invalid` on a bad name or a file that is there. */
export function writeNew(tree: Tree, kind: 'image' | 'profile', folder: string, content: Readonly<Record<string, unknown>>): void {
  const name = posix.basename(folder);
  const file = posix.join(folder, `${kind}.json`);
  if (tree.exists(file))
    throw new Failure('invalid', `there is ${kind === 'image' ? 'an image' : 'a profile'} in ${folder} already`, { where: file });
  const $schema = posix.relative(folder, schemaFile(tree, kind));
  tree.write(file, `${JSON.stringify({ $schema, ...content }, undefined, 2)}\n`);
  logger.info(`${file}: the ${kind} ${name}`);
}

/** Fails as `invalid` where a name cannot be that of a folder, a project and a catalog entry at once. */
export function checkName(kind: string, name: string): void {
  if (/^[a-z0-9][a-z0-9._-]*$/i.test(name)) return;
  throw new Failure('invalid', `"${name}" cannot name ${kind === 'image' ? 'an image' : 'a profile'}`, {
    hint: `Use letters, digits, ".", "_" and "-", such as ${kind === 'image' ? 'bookworm-amd64' : 'slim'}.`,
  });
}

/** The schema that an editor reads: of this plugin where it is installed, or where it is developed in this very workspace. */
function schemaFile(tree: Tree, kind: string): string {
  const own = `packages/nx-debian-image/schemas/${kind}.schema.json`;
  return existsSync(posix.join(tree.root, own)) ? own : `node_modules/nx-debian-image/schemas/${kind}.schema.json`;
}
