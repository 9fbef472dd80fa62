import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { createProgress } from '@nx-debian-image/report';
import { openToolTree } from '../../packages/debian-image/src/debian/tools/tree.ts';
import { fetchTools } from '../../packages/debian-image/src/debian/tools/locked.ts';
import { resolveTools } from '../../packages/debian-image/src/debian/tools/resolve.ts';
import { hostArchitecture } from '../../packages/debian-image/src/pipeline/host-architecture.ts';

/** Gives the integration tests the tools that make file systems, as a build has them: DEBIAN_IMAGE_TEST_TOOL_TREE is their folder. */
export default async function setup(): Promise<void> {
  if (process.env['DEBIAN_IMAGE_TEST_TOOL_TREE']) return;
  const { signal } = new AbortController();
  const store = await Store.open(join(import.meta.dirname, '../../tmp/test-store'));
  const architecture = await hostArchitecture(signal);
  const options = { store, progress: createProgress(process.stdout), signal, environment: process.env };
  const packages = await resolveTools({ ...options, architecture });
  await fetchTools(packages, options);
  process.env['DEBIAN_IMAGE_TEST_TOOL_TREE'] = (await openToolTree(packages, store, signal)).folder;
}
