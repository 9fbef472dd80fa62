// All that runs is in one bundle: to load its five hundred modules one by one takes longer than many a stage.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Nx may have put a transpiler in place that turns import() into require(), which knows paths and no file URLs.
const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const packed = pathOf('dist/bundle');
const isCheckout = existsSync(pathOf('src'));

/** The folder of what was packed or, in a checkout, of one of the sources as they are now. */
async function bundleFolder() {
  if (!isCheckout) return packed;
  const { freshBundle } = await import(pathOf('../../tools/bundle/fresh.mjs'));
  return freshBundle();
}

/** @type {Promise<string> | undefined} */
let folder;

/**
 * An entry of the bundle.
 * @param {'executors' | 'hasher'} entry
 */
export async function bundled(entry) {
  folder ??= bundleFolder();
  return import(`${await folder}/${entry}.js`);
}
