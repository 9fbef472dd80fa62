import { readNxJson, type Tree, updateNxJson } from '@nx/devkit';

const plugin = 'nx-debian-image/plugin';

/** What stages and upload leave in the workspace, none of which belongs into git. */
const ignored = ['/dist/', '/catalog/', '.nx/'];

/** Registers the plugin in nx.json and keeps what it makes out of git. Where that is done already it changes nothing. */
export default async function init(tree: Tree): Promise<void> {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  if (!plugins.some((entry) => (typeof entry === 'string' ? entry : entry.plugin) === plugin)) {
    updateNxJson(tree, { ...nxJson, plugins: [...plugins, plugin] });
  }
  const before = tree.read('.gitignore', 'utf8') ?? '';
  const present = new Set(before.split('\n').map(bare));
  const missing = ignored.filter((entry) => !present.has(bare(entry)));
  if (missing.length === 0) return;
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  tree.write('.gitignore', `${before}${separator}${missing.join('\n')}\n`);
}

/** `/dist/`, `dist/` and `dist` keep the same folder out, as far as this one is concerned. */
function bare(entry: string): string {
  return entry.trim().replaceAll(/^\/|\/$/g, '');
}
