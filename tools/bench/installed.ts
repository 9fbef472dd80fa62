import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newWorkspace, packAll } from '../../e2e/support/installation.ts';
import { run } from '../../packages/debian-image/src/host/index.ts';
import { type BenchWorkspace, imageName, nxIn } from './workspace.ts';

/**
 * A workspace as its users have it, below `scratch`: the plugin packed and installed, and one image. In a checkout Nx asks the workspace's TypeScript where a
 * plugin's sources are, 180 ms of each stage (`nx/src/config/schema-utils`, `tryResolveFromSource`).
 */
export async function installedWorkspace(source: string, scratch: string, signal: AbortSignal): Promise<BenchWorkspace> {
  const root = join(scratch, 'installed');
  const store = join(scratch, 'installed-store');
  const { devDependencies } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const tarballs = await packAll(scratch);
  await newWorkspace(root, tarballs, { nx: devDependencies['nx']!, devkit: devDependencies['@nx/devkit']! });
  const workspace = { scratch, root, store, nx: nxIn(root, store) };
  await run(workspace.nx(['generate', 'nx-debian-image:init'], false), { doing: 'setting the workspace up', signal });
  await cp(join(source, 'images', imageName), join(root, 'images', imageName), { recursive: true });
  return workspace;
}
