import { basename, dirname, join } from 'node:path';
import type { CreateNodes, ProjectConfiguration } from '@nx/devkit';
import { readImageFile } from './inference/image-file.ts';
import { type PluginInputs, pluginInputs } from './inference/plugin-inputs.ts';
import { inferTargets } from './inference/targets.ts';
import type { PluginOptions } from './plugin-options.ts';
import { publishedCommand, unhashedCommand } from './inference/runtime-inputs.ts';

// Nx loads this file for every command: what it imports must stay few and small.

export type { PluginOptions };

export const name = 'nx-debian-image';

const foldersOfNobody = new Set(['node_modules', 'dist', 'tmp']);

/** Makes every folder with an `image.json` a project, named by its folder, with one target for each stage. */
export const createNodes: CreateNodes<PluginOptions> = [
  '**/image.json',
  (files, options, { workspaceRoot }) => {
    const inputs = pluginInputs(workspaceRoot, import.meta.url);
    return files
      .filter((file) => !file.split('/').some((part) => foldersOfNobody.has(part)))
      .map((file) => [file, { projects: inferProject(dirname(file), workspaceRoot, inputs, options ?? {}) }]);
  },
];

/**
 * The name by which Nx before 24 asks for the same.
 * @alias
 */
export const createNodesV2 = createNodes;

function inferProject(
  root: string,
  workspaceRoot: string,
  inputs: PluginInputs,
  options: PluginOptions,
): Record<string, Omit<ProjectConfiguration, 'root'>> {
  const folder = join(workspaceRoot, root);
  const image = readImageFile(folder);
  if (image === undefined) return {};
  if (image.problem !== undefined) console.error(`warning: ${join(root, 'image.json')} is no image: ${image.problem}`);
  const projectName = basename(folder);
  const unhashed = unhashedCommand(workspaceRoot, root, image.sources);
  const published = publishedCommand(workspaceRoot, projectName);
  return {
    [root]: {
      name: projectName,
      projectType: 'application',
      tags: image.release === undefined ? [] : [`release:${image.release}`, `arch:${image.architecture}`],
      metadata: { description: describeImage(image) },
      targets: inferTargets({ name: projectName, image, unhashed, published, pluginInputs: inputs, options }),
    },
  };
}

function describeImage(image: NonNullable<ReturnType<typeof readImageFile>>): string {
  if (image.problem !== undefined) return `image.json is no image: ${image.problem}`;
  const what = `Debian ${image.release} for ${image.architecture}`;
  return image.description === undefined ? what : `${what}: ${image.description}`;
}
