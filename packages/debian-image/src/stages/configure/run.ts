import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ArtifactDraft, canonicalJson, type Descriptor, recall, remember } from '@nx-debian-image/artifact-store';
import { formatBytes } from '@nx-debian-image/report';
import { ramdiskTool } from '../../debian/ramdisk.ts';
import { releaseOf } from '../../debian/releases.ts';
import { layerType } from '../../rootfs/layers.ts';
import { stageAssets } from './assets.ts';
import { change } from './change.ts';
import { scriptFailure } from './failure.ts';
import type { ConfigureFacts } from './facts.ts';
import { type FileEntry, planFiles, planScripts } from './files.ts';
import type { ConfigureOptions } from './options.ts';
import { type ConfigurePlan, planConfigure } from './plan.ts';
import { renderScript } from './script.ts';
import { ownPart, planVariant } from './variant.ts';

/**
 * Configures the tree of an image inside namespaces without network. Leaves a layer `settings.tar` with what image.json's words changed,
 * and, where the user gives files, services or scripts, one more, `own.tar`, with what those changed. An image that starts from another
 * leaves only what it changes there.
 */
export async function configure(options: ConfigureOptions): Promise<ArtifactDraft> {
  const { image, layers, epoch } = options;
  const own = image.parent === undefined ? image : ownPart(image, image.parent);
  const files = await planFiles(own);
  const plan = planFor(options, files);
  const blobs: { name: string; descriptor: Descriptor }[] = [];
  const tree = (): Descriptor[] => [...layers, ...blobs.map(({ descriptor }) => descriptor)];
  if (plan.settings === undefined && plan.own === undefined) options.progress.step(`nothing beside what ${image.parent?.name} has`);
  if (plan.settings !== undefined) {
    blobs.push({ name: 'settings.tar', descriptor: await settingsLayer(options, renderScript(plan.settings)) });
  }
  if (plan.own !== undefined) {
    const staged = [...files.flatMap((entry) => (entry.staged === undefined ? [] : [entry.staged])), ...planScripts(own)];
    blobs.push({ name: 'own.tar', descriptor: await layerOf({ ...options, layers: tree() }, renderScript(plan.own), staged) });
  }
  const config = {
    release: image.release,
    architecture: image.arch,
    epoch,
    layers: tree(),
  };
  return { stage: 'configure', config, blobs };
}

function planFor({ image, added }: ConfigureOptions, files: readonly FileEntry[]): Partial<ConfigurePlan> {
  const release = releaseOf(image.release);
  const facts: ConfigureFacts = { release, ramdisk: ramdiskTool(release, image.packages) };
  if (image.parent === undefined) return planConfigure(image, facts, files);
  return planVariant(image, image.parent, facts, { files, added: added ?? { packages: new Set(), staleRamdisk: false } });
}

/** The layer of the settings, which follows from the tree below and the script alone: made once, and again only when one of these changes. */
async function settingsLayer(options: ConfigureOptions, script: string): Promise<Descriptor> {
  const { layers, epoch, store, image, progress } = options;
  const key = createHash('sha256')
    .update(canonicalJson({ layers, epoch, script, hostname: image.hostname }))
    .digest('hex');
  const known = await recall(store, 'settings', key, layerType);
  if (known !== undefined) {
    progress.step('the settings are as they were');
    return known;
  }
  const layer = await layerOf(options, script, []);
  await remember(store, 'settings', key, layer);
  return layer;
}

/** Runs a script in the tree and gives the layer of what it changed. Failures: those of `scriptFailure` and of `run`. */
async function layerOf(options: ConfigureOptions, script: string, staged: Parameters<typeof stageAssets>[1]): Promise<Descriptor> {
  const { layers, store, progress } = options;
  const scratch = await store.scratch();
  try {
    await stageAssets(script, staged, join(scratch.folder, 'assets'));
    const { layer, ...outcome } = await change(options, scratch.folder);
    if (outcome.status !== 0) {
      const look = `Look at the tree as it stood: ${await options.keepFailed([...layers, layer])}`;
      throw scriptFailure({ ...outcome, look, room: 'Set DEBIAN_IMAGE_SCRATCH=disk to work on disk instead of in memory.' });
    }
    progress.note(`changed ${formatBytes(layer.size)} of the tree`);
    return layer;
  } finally {
    await scratch.dispose();
  }
}
