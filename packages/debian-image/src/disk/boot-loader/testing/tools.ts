import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import type { LockedPackage } from '../../../debian/archive/package.ts';
import type { Architecture } from '../../../debian/names.ts';
import { resolveBootLoader, resolveBootLoaderTools } from '../../../debian/tools/boot-loader.ts';
import { fetchTools } from '../../../debian/tools/locked.ts';
import type { ToolOptions } from '../../../debian/tools/resolve.ts';
import { openToolTree, type ToolTree } from '../../../debian/tools/tree.ts';
import { hostArchitecture } from '../../../pipeline/host-architecture.ts';

/** For tests: what choosing and fetching packages from the archive needs, in a store that stays for the next run. */
export async function testToolOptions(): Promise<ToolOptions> {
  const { signal } = new AbortController();
  const store = await Store.open(join(import.meta.dirname, '../../../../../../tmp/test-store'));
  return { store, progress: silent, signal, environment: process.env, architecture: await hostArchitecture(signal) };
}

/** For tests: the boot loader of an architecture, and the programs that put it on a disk, as a build has them. */
export async function testBootLoader(architecture: Architecture): Promise<{ tools: ToolTree; packages: readonly LockedPackage[] }> {
  const options = await testToolOptions();
  const packages = [...(await resolveBootLoaderTools(options)), ...(await resolveBootLoader(architecture, options))];
  await fetchTools(packages, options);
  return { tools: await openToolTree(packages, options.store, options.signal), packages };
}
