// Makes a clean clone ready: `node tools/setup/setup.mjs build`, `test` or `proof`. Runs before npm packages are there, so it needs none.
// What is there already is left as it is; a run that finds everything says nothing.
import { join } from 'node:path';
import { forBuilding, forProving, forTesting } from './debian-packages.mjs';
import { setUpDebian } from './debian.mjs';
import { SetupError } from './error.mjs';
import { setUpNodeModules } from './node-modules.mjs';
import { checkUser } from './user.mjs';

const oldestNode = [20, 19];
const lists = { build: forBuilding, test: [...forBuilding, ...forTesting], proof: [...forBuilding, ...forTesting, ...forProving] };

function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new SetupError(`Node ${oldestNode.join('.')} or newer is needed; this is Node ${version}.`);
}

try {
  const needs = lists[process.argv[2] ?? 'build'];
  if (needs === undefined) throw new SetupError(`usage: setup.mjs ${Object.keys(lists).join(' | ')}`);
  checkNode();
  await setUpDebian(needs);
  checkUser();
  await setUpNodeModules(join(import.meta.dirname, '../..'));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
