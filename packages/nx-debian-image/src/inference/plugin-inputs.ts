import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TargetConfiguration } from '@nx/devkit';
import { type StageName, stages } from '../stages.ts';
import { sourceFilesOfStages } from './source-files.ts';

type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** What makes an edit of the plugin itself run a stage again, for each stage. */
export type PluginInputs = Readonly<Record<StageName, Inputs>>;

/** The npm packages that run in a stage; another one of the workspace's lock file decides no image. */
const runtimeDependencies = ['execa', 'tar-stream', 'yaml', 'zod'];

/**
 * Where the plugin is installed, its entry in the lock file decides. Where it is developed in this very workspace, Nx hashes nothing of
 * it by itself, so the source files that run in a stage are named one by one.
 */
export function pluginInputs(workspaceRoot: string, moduleUrl: string): PluginInputs {
  const folder = localPackagesFolder(workspaceRoot, moduleUrl);
  if (folder === undefined) return forAll(() => [{ externalDependencies: ['nx-debian-image'] }]);
  const files = sourceFilesOfStages(join(workspaceRoot, folder));
  return forAll((stage) => [
    ...byFolder(files[stage]).map((glob) => `{workspaceRoot}/${folder}/${glob}`),
    { externalDependencies: runtimeDependencies },
  ]);
}

/** A glob for the files of each folder: thirty inputs instead of three hundred, which Nx takes apart for every task. */
function byFolder(files: readonly string[]): string[] {
  const folders = new Map<string, string[]>();
  for (const file of files) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), basename(file)]);
  return [...folders].map(([folder, names]) => `${folder}/${names.length === 1 ? names[0] : `{${names.join(',')}}`}`);
}

function forAll(inputsOf: (stage: StageName) => Inputs): PluginInputs {
  return Object.fromEntries(stages.map(({ name }) => [name, inputsOf(name)])) as Record<StageName, Inputs>;
}

/** The folder with this plugin's packages, relative to the workspace, where it runs from its source there; else undefined. */
function localPackagesFolder(workspaceRoot: string, moduleUrl: string): string | undefined {
  if (!moduleUrl.endsWith('.ts')) return undefined;
  const pluginFolder = dirname(dirname(fileURLToPath(moduleUrl)));
  const folder = relative(realpathSync(workspaceRoot), dirname(pluginFolder));
  return folder.startsWith('..') ? undefined : folder.split(sep).join('/');
}
