import type { LockedPackage } from '../debian/archive/package.ts';
import { fetchTools } from '../debian/tools/locked.ts';
import { openToolTree } from '../debian/tools/tree.ts';
import type { FileSystemTools } from '../disk/tools.ts';
import type { Build } from './build.ts';

/** What a stage that works on file systems is given of a build. */
export interface ToolContext extends Pick<Build, 'store' | 'progress' | 'signal'> {
  readonly tools: FileSystemTools;
}

/** The same with the tools that install has chosen, fetched where they are not there. */
export async function toolContext(build: Build): Promise<ToolContext> {
  const { store, progress, signal } = build;
  const { tools } = (await build.artifact('install')).config as { readonly tools: readonly LockedPackage[] };
  await fetchTools(tools, build);
  return { store, progress, signal, tools: await openToolTree(tools, store, signal) };
}
