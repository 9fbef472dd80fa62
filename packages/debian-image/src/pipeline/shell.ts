import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { isRoot } from '../host/index.ts';
import { attach } from '../host/attach.ts';
import { requirePrograms } from '../rootfs/foreign.ts';
import { layerStream } from '../rootfs/layers.ts';
import { planShell } from '../rootfs/shell.ts';
import { chooseMemory } from '../rootfs/space.ts';
import type { Build } from './build.ts';
import { failedLayers } from './failed-tree.ts';
import { hostArchitecture } from './host-architecture.ts';
import { layersOf } from './layers-of.ts';
import { openBuild, type StageRequest } from './open-build.ts';
import { requireBootstrap } from './require-bootstrap.ts';

interface ShellRequestOptions {
  /** The stage whose tree to look at; `failed` is the tree as it stood when configure failed. */
  readonly after?: 'install' | 'configure' | 'failed';
  /** Run this instead of an interactive shell. */
  readonly command?: string;
}

/** Opens a shell in the tree of an image after a stage; nothing that is done in it stays. Fails as `command-failed` with its status. */
export async function openShell(request: StageRequest): Promise<void> {
  const { after = 'configure', command } = request.options as ShellRequestOptions;
  if (command === undefined && !process.stdin.isTTY) {
    throw new Failure('invalid', 'a shell needs a terminal', { hint: "--command='dpkg -l' runs one command without." });
  }
  const build = await openBuild(request);
  requireBootstrap(build.image, 'shell');
  await requirePrograms(build.image.arch, await hostArchitecture(build.signal), build.signal);
  const layers = await layersAfter(build, after);
  const { epoch } = (await build.artifact('install')).config as { epoch: number };
  const { store, environment, image } = build;
  const scratch = await store.scratch();
  try {
    await mkdir(join(scratch.folder, 'assets'));
    const memoryBytes = await chooseMemory(2 * layers.reduce((sum, { size }) => sum + size, 0), environment);
    const namespace = { root: isRoot(), memoryBytes, scratch: scratch.folder, hostname: image.hostname };
    if (command === undefined) build.progress.step(`a shell in ${image.name} after ${after}; nothing of it stays; exit with Ctrl-D`);
    const status = await attach(
      planShell({ namespace, epoch, command, terminal: environment['TERM'] ?? 'dumb' }),
      await layerStream(layers, store),
    );
    if (command !== undefined && status !== 0)
      throw new Failure('command-failed', `the command ended with status ${status}`, { where: command });
  } finally {
    await scratch.dispose();
  }
}

async function layersAfter(build: Build, after: NonNullable<ShellRequestOptions['after']>): Promise<readonly Descriptor[]> {
  if (after === 'failed') return failedLayers(build);
  if (after === 'install') return layersOf(await build.complete('install'));
  return ((await build.complete('configure')).config as { layers: readonly Descriptor[] }).layers;
}
