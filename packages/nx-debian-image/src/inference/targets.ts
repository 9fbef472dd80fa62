import type { TargetConfiguration } from '@nx/devkit';
import { type Aside, asides, type Stage, type StageName, stages } from '../stages.ts';
import type { PluginOptions } from '../plugin-options.ts';
import type { Entry } from './catalogue.ts';
import type { Lineage } from './lineage.ts';
import { fileInputs } from './lineage-inputs.ts';
import type { PluginInputs } from './plugin-inputs.ts';

type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** What the targets of an image depend on. */
export interface Inferred {
  /** The name of the project. */
  readonly name: string;
  readonly image: Entry;
  readonly lineage: Lineage;
  readonly pluginInputs: PluginInputs;
  readonly options: PluginOptions;
}

/**
 * The targets of an image, one for each stage. Nx hashes name, executor, options, configurations and outputs of all of them for each of
 * them, so nothing of that may say what only some stages depend on; inputs and metadata it does not hash. What decides configure and upload
 * beside these inputs is in their hasher (`unhashed/hasher.ts`).
 */
export function inferTargets(inferred: Inferred): Record<string, TargetConfiguration> {
  return Object.fromEntries([
    ...stages.map((stage) => [stage.name, inferTarget(stage, inferred)] as const),
    ...asides.map((aside) => [aside.name, inferAside(aside, inferred)] as const),
  ]);
}

/** Most make what they have to look at by themselves where that is missing. */
function inferAside({ name: aside, description, example, after, continuous }: Aside, { name, options }: Inferred): TargetConfiguration {
  return {
    executor: `nx-debian-image:${aside}`,
    cache: false,
    ...(continuous ? { continuous } : {}),
    ...(after === undefined ? {} : { dependsOn: [after] }),
    options: storeOption(options),
    metadata: { description, help: { command: `npx nx run ${name}:${aside} --help`, example: { options: example } } },
  };
}

function storeOption({ store }: PluginOptions): Pick<PluginOptions, 'store'> {
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
  const { parent } = inferred.lineage;
  if (stage.name === 'install' && parent !== undefined) target.dependsOn = [{ projects: [parent.project], target: 'configure' }];
  return stage.name === 'upload' ? asUpload(target, inferred) : target;
}

/** Upload is a hit of the cache only where the catalog still has what an upload like this left; it always asks a cloud or a registry. */
function asUpload(target: TargetConfiguration, { name, options, image, lineage }: Inferred): TargetConfiguration {
  const { outputs: _none, ...rest } = target;
  const dependsOn = verifiesFirst(image, lineage) ? [...(target.dependsOn ?? []), 'verify'] : target.dependsOn;
  const catalog = options.catalog === undefined ? {} : { catalog: options.catalog };
  return {
    ...rest,
    ...(dependsOn === undefined ? {} : { dependsOn }),
    options: { ...target.options, ...catalog },
    configurations: { catalog: { to: 'catalog' }, glance: { to: 'glance' }, registry: { to: 'registry' } },
    metadata: {
      ...target.metadata,
      help: { command: `npx nx run ${name}:upload:glance --help`, example: { options: { to: 'glance', 'os-cloud': 'mycloud' } } },
    },
  };
}

/** The last word counts, as where image.json and what it is made from are merged. */
function verifiesFirst(image: Entry, { profiles, ancestors }: Lineage): boolean {
  const words = [image, ...profiles.toReversed(), ...ancestors].map(({ file }) => file.verifyBeforeUpload);
  return words.find((word) => word !== undefined) ?? false;
}

function inferInputs(stage: Stage, { image, lineage, pluginInputs }: Inferred): Inputs {
  const inputs: Inputs = fileInputs(stage.name, image, lineage);
  const files = [image, ...lineage.profiles];
  if (stage.name === 'install') inputs.push(...image.file.installFiles.flatMap((path) => filesetsOf('{projectRoot}', path)));
  if (stage.name === 'configure') {
    const folderOf = (entry: Entry): string => (entry === image ? '{projectRoot}' : `{workspaceRoot}/${entry.root}`);
    inputs.push(...files.flatMap((entry) => entry.file.sources.flatMap((source) => filesetsOf(folderOf(entry), source))));
  }
  // Where there is none it is a file that matches nothing.
  if (stage.name === 'install') inputs.push('{projectRoot}/image.lock.json');
  // Of this machine's tools only this one decides bytes: the others are chosen by install and part of what it leaves.
  const bootstrap = lineage.parent === undefined && !image.file.installer;
  if (stage.name === 'install' && bootstrap) inputs.push({ runtime: 'dpkg-query --show mmdebstrap' });
  // Of the users only this decides install, by the package; so a new key does not install everything again.
  if (stage.name === 'install' && files.some(({ file }) => file.sudo)) inputs.push({ runtime: 'echo sudo' });
  inputs.push(
    ...bareInputs(
      stage.name,
      files.flatMap(({ file }) => file.bare),
    ),
  );
  if (stage.after !== undefined || (stage.name === 'install' && lineage.parent !== undefined)) {
    inputs.push({ dependentTasksOutputFiles: '**/manifest.json' });
  }
  return [...inputs, ...pluginInputs[stage.name]];
}

/** Of a disk that boots by itself: the lock has its boot loader, and programs of this machine write its forms. */
function bareInputs(stage: StageName, forms: readonly string[]): Inputs {
  if (forms.length === 0) return [];
  if (stage === 'convert') return ['{projectRoot}/image.lock.json'];
  if (stage !== 'extract') return [];
  const packages = [...(forms.some((form) => byQemu.has(form)) ? ['qemu-utils'] : []), ...(forms.includes('raw.xz') ? ['xz-utils'] : [])];
  return packages.length === 0 ? [] : [{ runtime: `dpkg-query --show ${packages.join(' ')}` }];
}

const byQemu = new Set(['qcow2', 'vmdk', 'vhd', 'vdi']);

/** A file, or all files of a folder. A name with a character that means something in a glob matches a little more than itself. */
function filesetsOf(folder: string, path: string): string[] {
  const glob = path
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '')
    .replaceAll(/[*?[\]{}()!\\]/g, '?');
  return glob === '.' || glob === '' ? [`${folder}/**/*`] : [`${folder}/${glob}`, `${folder}/${glob}/**/*`];
}
