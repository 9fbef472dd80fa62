import { Failure } from '@nx-debian-image/report';
import { readProxy } from '../archive/archive.ts';
import { fetchLockedPackages } from '../archive/fetch-locked.ts';
import { missingPackages } from '../archive/fetch.ts';
import type { LockedPackage } from '../archive/package.ts';
import { sourcesAfter } from '../archive/package-source.ts';
import { lockCommand } from '../lock/read.ts';
import type { Lock } from '../lock/schema.ts';
import { readMirror } from '../mirror/read.ts';
import { type ToolOptions, toolRelease } from './resolve.ts';
import { isComplete } from './tree.ts';

/** The packages of a lock that the tools of a machine come from. Fails as `invalid` where it has none for the machine's architecture. */
export function lockedTools(
  lock: Pick<Lock, 'tools'>,
  architecture: string,
  { image, file }: { image: string; file: string },
): readonly LockedPackage[] {
  const tools = Object.entries(lock.tools).find(([name]) => name === architecture)?.[1];
  if (tools !== undefined) return tools;
  throw new Failure('invalid', `the lock has no tools for a machine that is ${architecture}`, {
    where: `${file}: tools`,
    hint: `\`${lockCommand(image)}\` on this machine adds them.`,
  });
}

/** Brings the packages of tools into the store, unless the tools are unpacked already. Failures: those of `fetchLockedPackages`. */
export async function fetchTools(packages: readonly LockedPackage[], options: Omit<ToolOptions, 'architecture'>): Promise<void> {
  const { store, progress, signal, environment } = options;
  if (await isComplete(packages, store)) return;
  const missing = await missingPackages(packages, store);
  if (missing.length === 0) return;
  const sources = sourcesAfter(await readMirror(toolRelease, undefined, environment), environment);
  const hint = 'Choose the tools of an image anew with `nx run IMAGE:lock --tools`.';
  await fetchLockedPackages({ packages: missing, sources, store, progress, signal, hint, proxy: await readProxy(signal) });
}
