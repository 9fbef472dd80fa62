import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {import('./debian-packages.mjs').Need} Need */

/**
 * The path of a program, as root's shell finds it too; undefined where there is none.
 * @param {string} name
 * @returns {string | undefined}
 */
export function findProgram(name, path = process.env.PATH ?? '') {
  const folders = [...path.split(':').filter(Boolean), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * Those needs that this machine does not meet.
 * @param {readonly Need[]} needs
 * @returns {Need[]}
 */
export function findMissing(needs, path = process.env.PATH ?? '') {
  return needs.filter(
    (need) => !(need.program !== undefined && findProgram(need.program, path)) && !(need.file !== undefined && existsSync(need.file)),
  );
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
