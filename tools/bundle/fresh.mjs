import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const workspace = join(import.meta.dirname, '../..');
const packages = join(workspace, 'packages');
const bundles = join(workspace, 'tmp/bundles');

/** The folder of the bundle of this checkout's sources as they are now; made where they have changed since the last one. @returns {Promise<string>} */
export async function freshBundle() {
  const folder = join(bundles, keyOfSources());
  if (existsSync(folder)) return folder;
  // Only here, so that nobody else has to wait for it.
  const { bundleExecutors } = await import('./bundle.mjs');
  const unfinished = `${folder}.${process.pid}`;
  const older = existsSync(bundles) ? readdirSync(bundles) : [];
  mkdirSync(bundles, { recursive: true });
  await bundleExecutors(packages, unfinished);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Several tasks begin at once; the first has made it.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  removeOld(older);
  return folder;
}

/** Names all sources by path, size and time: an edit gives another key, and no file has to be read. */
function keyOfSources() {
  const hash = createHash('sha256');
  const sources = readdirSync(packages, { recursive: true })
    .filter((name) => /^[^/]+\/src\/.*\.(?:ts|json)$/.test(name) && !name.endsWith('.test.ts'))
    .toSorted();
  for (const name of [...sources.map((source) => `packages/${source}`), 'package-lock.json', 'tools/bundle/bundle.mjs']) {
    const { size, mtimeMs } = statSync(join(workspace, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Bundles of sources as they were; one of the last day may be loaded by a task that runs. */
function removeOld(names) {
  const yesterday = Date.now() - 24 * 3600 * 1000;
  for (const name of names) {
    const folder = join(bundles, name);
    if (existsSync(folder) && statSync(folder).mtimeMs < yesterday) rmSync(folder, { recursive: true, force: true });
  }
}
