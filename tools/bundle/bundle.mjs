import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** What Nx has loaded already when it runs an executor. */
const ofNx = [/^@nx\/devkit/, /^nx(\/|$)/];

/**
 * Makes one bundle of all executors, the hasher and everything that they import, except Nx itself: `executors.js`, `hasher.js`, chunks of what
 * both need or is asked for later, and `LICENCES.txt` of the npm packages in it.
 * @param {string} packages the folder of this workspace's packages
 * @param {string} target the folder to write to
 */
export async function bundleExecutors(packages, target) {
  const source = join(packages, 'nx-debian-image/src');
  const build = await rolldown({
    input: { executors: join(source, 'executors/index.ts'), hasher: join(source, 'unhashed/hasher.ts') },
    platform: 'node',
    external: ofNx,
    resolve: { conditionNames: ['@nx-debian-image/source', 'node', 'import', 'default'] },
    // execa asks for the development condition of one of its own
    logLevel: 'warn',
  });
  const { output } = await build.write({ dir: target, format: 'esm', chunkFileNames: '[name].js' });
  await build.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'LICENCES.txt'), licencesOf(modules));
}

/** The licence texts of the npm packages that modules come from. */
function licencesOf(modules) {
  const folders = new Set(modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0]).filter(Boolean));
  const texts = [...folders].toSorted().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : '';
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `This bundle contains these npm packages.\n\n${texts.join('\n---\n\n')}`;
}
