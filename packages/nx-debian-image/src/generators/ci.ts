import { logger, readNxJson, type Tree } from '@nx/devkit';
import { pluginOptions } from '../plugin-options.ts';
import init from './init.ts';
import { readTemplates } from './templates.ts';

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
  const files = readTemplates(provider, { variant: to, values: { to, catalog, defaultBranch: defaultBranch(nxJson) } });
  for (const [file, content] of files) {
    const old = tree.read(file, 'utf8');
    if (old === content) continue;
    if (old === null || force) {
      tree.write(file, content);
      logger.info(`${file}: ${old === null ? 'new' : 'written anew'}`);
    } else logger.warn(`${file} is there already and stays as it is; --force writes it anew${advice[file] ?? ''}`);
  }
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
