import { logger, readNxJson, type Tree, updateNxJson } from '@nx/devkit';

const plugin = 'nx-debian-image/plugin';

/** What stages and upload leave in the workspace, none of which belongs into git. */
const ignored = ['/dist/', '/catalog/', '.nx/'];

/** Where the generators put images, and profiles below it, unless they are told otherwise. */
export const imagesFolder = 'images';

/**
 * Registers the plugin in nx.json, keeps what it makes out of git and makes a folder for images. What is done already stays as it is; it
 * says what it did.
 */
export default async function init(tree: Tree): Promise<void> {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  if (!plugins.some((entry) => (typeof entry === 'string' ? entry : entry.plugin) === plugin)) {
    updateNxJson(tree, { ...nxJson, plugins: [...plugins, plugin] });
    logger.info(`nx.json: the plugin ${plugin}`);
  }
  if (!tree.exists(imagesFolder)) {
    tree.write(`${imagesFolder}/.gitkeep`, '');
    logger.info(`${imagesFolder}/: make an image with \`nx g nx-debian-image:image\``);
  }
  const before = tree.read('.gitignore', 'utf8') ?? '';
  const present = new Set(before.split('\n').map(bare));
  const missing = ignored.filter((entry) => !present.has(bare(entry)));
  if (missing.length === 0) return;
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  tree.write('.gitignore', `${before}${separator}${missing.join('\n')}\n`);
  logger.info(`.gitignore: ${missing.join(', ')}`);
}

/** `/dist/`, `dist/` and `dist` keep the same folder out, as far as this one is concerned. */
function bare(entry: string): string {
  return entry.trim().replaceAll(/^\/|\/$/g, '');
}
