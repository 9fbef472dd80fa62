import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './error.mjs';
import { longWork } from './long-work.mjs';

/** Installs the npm packages that package-lock.json names, unless they are there in these versions already. */
export async function setUpNodeModules(folder, { say = console.log } = {}) {
  if (isUpToDate(folder)) return;
  const result = await longWork('Installing npm packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    say,
  });
  if (result.status === 0) return;
  const lastWords = result.output
    .split('\n')
    .slice(-15)
    .map((line) => `  | ${line}`)
    .join('\n');
  throw new SetupError(`npm ci failed:\n${lastWords}`);
}

/** Compares the lock file with the one that npm writes into node_modules when it is done. */
export function isUpToDate(folder) {
  const installed = readPackages(join(folder, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  const wanted = readPackages(join(folder, 'package-lock.json')) ?? {};
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const there = installed[path];
    // An optional package may be one for another platform.
    if (there === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}
