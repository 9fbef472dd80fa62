import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import type { LockedPackage } from '../../../debian/archive/package.ts';
import type { Architecture } from '../../../debian/names.ts';
import { resolveBootLoader, resolveBootLoaderTools } from '../../../debian/tools/boot-loader.ts';
import { fetchTools } from '../../../debian/tools/locked.ts';
import { openToolTree, type ToolTree } from '../../../debian/tools/tree.ts';
import { hostArchitecture } from '../../../pipeline/host-architecture.ts';

/** For tests: the boot loader of an architecture, and the programs that put it on a disk, as a build has them. */
export async function testBootLoader(architecture: Architecture): Promise<{ tools: ToolTree; packages: readonly LockedPackage[] }> {
  const { signal } = new AbortController();
  const store = await Store.open(join(import.meta.dirname, '../../../../../../tmp/test-store'));
  const options = { store, progress: silent, signal, environment: process.env, architecture: await hostArchitecture(signal) };
  const packages = [...(await resolveBootLoaderTools(options)), ...(await resolveBootLoader(architecture, options))];
  await fetchTools(packages, options);
  return { tools: await openToolTree(packages, store, signal), packages };
}
