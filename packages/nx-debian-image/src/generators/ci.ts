import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateFiles, logger, readNxJson, type Tree } from '@nx/devkit';
import { pluginOptions } from '../plugin-options.ts';
import init from './init.ts';

export interface CiOptions {
  readonly provider: 'github' | 'gitlab';
  /** Where the default branch publishes. */
  readonly to?: 'catalog' | 'glance';
  readonly force?: boolean;
}

/**
 * Begins the files with which GitHub or GitLab builds, verifies and publishes the images that a change affects, and refreshes their locks.
 * A file that is there and says something else stays, unless forced; it says what it did with each.
 */
export default async function ci(tree: Tree, { provider, to = 'catalog', force = false }: CiOptions): Promise<void> {
  await init(tree);
  const nxJson = readNxJson(tree) ?? {};
  const { catalog = 'catalog' } = pluginOptions(nxJson);
  const templates = fileURLToPath(new URL(`../../templates/${provider}`, import.meta.url));
  const before = new Map(filesIn(templates).map((file) => [file, tree.read(file, 'utf8')]));
  generateFiles(tree, templates, '.', { dot: '.', to, catalog, defaultBranch: defaultBranch(nxJson) });
  for (const [file, old] of before) {
    if (old === tree.read(file, 'utf8')) continue;
    if (old !== null && !force) {
      tree.write(file, old);
      logger.warn(`${file} is there already and stays as it is; --force writes it anew${advice[file] ?? ''}`);
    } else logger.info(`${file}: ${old === null ? 'new' : 'written anew'}`);
  }
  logger.info('docs/ci.md of nx-debian-image says what these files do and which secrets they want');
}

/** What a file that was left as it is has to say all the same. */
const advice: Readonly<Record<string, string>> = {
  '.gitlab-ci.yml':
    '.\nAdd to it `include: [{ local: .gitlab/images.yml }]`, and to its workflow `auto_cancel: { on_new_commit: none }` for the default branch',
};

/** Nx may know it with the name of a remote, such as `origin/main`. */
function defaultBranch({ defaultBase = 'main' }: { readonly defaultBase?: string }): string {
  return defaultBase.replace(/^origin\//, '');
}

/** The files that a folder of templates makes. */
function filesIn(templates: string): string[] {
  const entries = readdirSync(templates, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries
    .map(({ parentPath, name }) => posix.join(parentPath.slice(templates.length + 1), name).replaceAll('__dot__', '.'))
    .toSorted();
}
