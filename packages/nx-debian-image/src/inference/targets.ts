import type { TargetConfiguration } from '@nx/devkit';
import { stageFields } from '@nx-debian-image/debian-image/stage-fields';
import { shell, type Stage, stages } from '../stages.ts';
import type { ImageFile } from './image-file.ts';
import type { PluginInputs } from './plugin-inputs.ts';

type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** What nx.json may say beside the plugin's name. */
export interface PluginOptions {
  /** The folder of blobs that all images of the workspace share. */
  readonly store?: string;
  /** The folder that upload publishes to. */
  readonly catalog?: string;
}

/** What the targets of an image depend on. */
export interface Inferred {
  readonly name: string;
  readonly image: ImageFile;
  /** See `unhashedCommand`. */
  readonly unhashed: string;
  /** See `publishedCommand`. */
  readonly published: string;
  readonly pluginInputs: PluginInputs;
  readonly options: PluginOptions;
}

/**
 * The targets of an image, one for each stage. Nx hashes name, executor, options, configurations and outputs of all of them for each of
 * them, so nothing of that may say what only some stages depend on; inputs and metadata it does not hash.
 */
export function inferTargets(inferred: Inferred): Record<string, TargetConfiguration> {
  // only what says that it cannot be made yet, so that a run of all images passes it over
  if (inferred.image.installer) return { install: inferTarget(stages[0]!, inferred) };
  return { ...Object.fromEntries(stages.map((stage) => [stage.name, inferTarget(stage, inferred)])), [shell.name]: inferShell(inferred) };
}

/** It makes what it has to look at by itself where that is missing. */
function inferShell({ name, options }: Inferred): TargetConfiguration {
  return {
    executor: `nx-debian-image:${shell.name}`,
    cache: false,
    options: storeOption(options),
    metadata: {
      description: shell.description,
      help: { command: `npx nx run ${name}:${shell.name} --help`, example: { options: { after: 'install', command: 'dpkg -l' } } },
    },
  };
}

function storeOption({ store }: PluginOptions): PluginOptions {
  return store === undefined ? {} : { store };
}

function inferTarget(stage: Stage, inferred: Inferred): TargetConfiguration {
  const { name, options } = inferred;
  const target: TargetConfiguration = {
    executor: `nx-debian-image:${stage.name}`,
    cache: true,
    inputs: inferInputs(stage, inferred),
    outputs: [`{workspaceRoot}/dist/{projectName}/${stage.name}`],
    options: storeOption(options),
    metadata: { description: stage.description, help: { command: `npx nx run ${name}:${stage.name} --help`, example: {} } },
  };
  if (stage.after !== undefined) target.dependsOn = [stage.after];
  return stage.name === 'upload' ? asUpload(target, inferred) : target;
}

/** Upload is a hit of the cache only where the catalog still has what an upload like this left; it always asks a cloud. */
function asUpload(target: TargetConfiguration, { name, options }: Inferred): TargetConfiguration {
  const { outputs: _none, ...rest } = target;
  const catalog = options.catalog === undefined ? {} : { catalog: options.catalog };
  return {
    ...rest,
    options: { ...target.options, ...catalog },
    configurations: { catalog: { to: 'catalog' }, glance: { to: 'glance' } },
    metadata: {
      ...target.metadata,
      help: { command: `npx nx run ${name}:upload:glance --help`, example: { options: { to: 'glance', 'os-cloud': 'mycloud' } } },
    },
  };
}

function inferInputs(stage: Stage, { image, unhashed, published, pluginInputs }: Inferred): Inputs {
  const inputs: Inputs = [{ json: '{projectRoot}/image.json', fields: [...stageFields[stage.name]] }];
  if (stage.name === 'install' && image.keyring !== undefined) inputs.push(...filesetsOf(image.keyring));
  if (stage.name === 'configure' && image.sources.length > 0) inputs.push(...image.sources.flatMap(filesetsOf), { runtime: unhashed });
  // Of this machine's tools only this one decides bytes: the others are chosen by install and part of what it leaves.
  if (stage.name === 'install') inputs.push({ runtime: 'dpkg-query --show mmdebstrap' });
  // Of the users only this decides install, by the package; so a new key does not install everything again.
  if (stage.name === 'install' && image.sudo) inputs.push({ runtime: 'echo sudo' });
  if (stage.name === 'upload') inputs.push({ runtime: published });
  if (stage.after !== undefined) inputs.push({ dependentTasksOutputFiles: '**/manifest.json' });
  return [...inputs, ...pluginInputs[stage.name]];
}

/** A file, or all files of a folder. A name with a character that means something in a glob matches a little more than itself. */
function filesetsOf(path: string): string[] {
  const glob = path
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '')
    .replaceAll(/[*?[\]{}()!\\]/g, '?');
  return glob === '.' || glob === '' ? ['{projectRoot}/**/*'] : [`{projectRoot}/${glob}`, `{projectRoot}/${glob}/**/*`];
}
