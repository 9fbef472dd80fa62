// What Nx loads to run an executor.
import { bundled } from './bundled.mjs';

/** @param {string} name */
function executor(name) {
  return async (options, context) => (await bundled('executors'))[name](options, context);
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
