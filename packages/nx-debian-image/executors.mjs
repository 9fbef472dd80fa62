// What Nx loads to run an executor. All that runs is in one bundle: to load its five hundred modules one by one takes longer than many a stage.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packed = fileURLToPath(new URL('dist/bundle/executors.js', import.meta.url));
const isCheckout = existsSync(new URL('src', import.meta.url));

/** The bundle's file: what was packed or, in a checkout, one of the sources as they are now. */
async function bundleFile() {
  if (!isCheckout) return packed;
  const { freshBundle } = await import(new URL('../../tools/bundle/fresh.mjs', import.meta.url).href);
  return freshBundle();
}

/** @param {string} name */
function executor(name) {
  return async (options, context) => (await import(pathToFileURL(await bundleFile()).href))[name](options, context);
}

export const install = executor('install');
export const configure = executor('configure');
export const convert = executor('convert');
export const shrink = executor('shrink');
export const extract = executor('extract');
export const verify = executor('verify');
export const upload = executor('upload');
export const shell = executor('shell');
export const start = executor('start');
export const lock = executor('lock');
export const outdated = executor('outdated');
export const diff = executor('diff');
export const reproduce = executor('reproduce');
export const explain = executor('explain');
