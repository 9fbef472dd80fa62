import { join } from 'node:path';
import type { CreateNodes, ProjectConfiguration } from '@nx/devkit';
import { type Catalogue, type Entry, readCatalogue } from './inference/catalogue.ts';
import { type Lineage, lineageOf, profilesOf } from './inference/lineage.ts';
import { type PluginInputs, pluginInputs } from './inference/plugin-inputs.ts';
import { inferTargets } from './inference/targets.ts';
import type { PluginOptions } from './plugin-options.ts';

// Nx loads this file for every command: what it imports must stay few and small.

export type { PluginOptions };

export const name = 'nx-debian-image';

const foldersOfNobody = new Set(['node_modules', 'dist', 'tmp']);

interface Workspace {
  readonly catalogue: Catalogue;
  readonly inputs: PluginInputs;
  readonly options: PluginOptions;
}

type Project = Omit<ProjectConfiguration, 'root'>;

/**
 * Makes every folder with an `image.json` a project, named by its folder, with one target for each stage, and every folder with a
 * `profile.json` one without targets, so that the graph shows who uses it.
 */
export const createNodes: CreateNodes<PluginOptions> = [
  '**/{image,profile}.json',
  (files, options, { workspaceRoot }) => {
    const own = files.filter((file) => !file.split('/').some((part) => foldersOfNobody.has(part)));
    const catalogue = readCatalogue(own, workspaceRoot);
    const workspace = { catalogue, inputs: pluginInputs(workspaceRoot, import.meta.url), options: options ?? {} };
    return catalogue.entries.map((entry) => {
      const project = entry.kind === 'image' ? imageProject(entry, workspace) : profileProject(entry, workspace);
      return [join(entry.root, `${entry.kind}.json`), { projects: { [entry.root]: project } }];
    });
  },
];

/**
 * The name by which Nx before 24 asks for the same.
 * @alias
 */
export const createNodesV2 = createNodes;

function imageProject(entry: Entry, { catalogue, inputs, options }: Workspace): Project {
  const { project, file } = entry;
  const lineage = lineageOf(entry, catalogue);
  const problem = file.problem ?? lineage.problem ?? sameName(entry, catalogue);
  if (problem !== undefined) warn(entry, problem);
  const { release, architecture, parent, profiles, ancestors } = lineage;
  const variants = [...profiles, ...ancestors].filter(({ kind }) => kind === 'profile').map((profile) => `variant:${profile.name}`);
  return {
    name: project,
    projectType: 'application',
    tags: release === undefined ? [] : [`release:${release}`, `arch:${architecture}`, ...new Set(variants)],
    ...edges([...(parent === undefined ? [] : [parent]), ...profiles]),
    metadata: { description: describeImage(entry, lineage, problem) },
    targets: inferTargets({
      name: project,
      image: entry,
      lineage,
      pluginInputs: inputs,
      options,
    }),
  };
}

function profileProject(entry: Entry, { catalogue }: Workspace): Project {
  const { profiles, problem: circle } = profilesOf(entry, catalogue);
  const problem = entry.file.problem ?? circle ?? sameName(entry, catalogue);
  if (problem !== undefined) warn(entry, problem);
  return {
    name: entry.project,
    projectType: 'library',
    tags: [`profile:${entry.name}`],
    ...edges(profiles),
    metadata: {
      description:
        problem === undefined ? (entry.file.description ?? `The profile ${entry.name}`) : `profile.json is no profile: ${problem}`,
    },
    targets: {},
  };
}

function edges(entries: readonly Entry[]): Pick<Project, 'implicitDependencies'> {
  return entries.length === 0 ? {} : { implicitDependencies: entries.map(({ project }) => project) };
}

/** Why an image or profile cannot have the name of its folder, in one line. */
function sameName(entry: Entry, { entries }: Catalogue): string | undefined {
  const other = entries.find(({ kind, name: taken }) => kind === entry.kind && taken === entry.name)!;
  return other === entry ? undefined : `${other.root} is called "${entry.name}" too; name one of the folders otherwise`;
}

function warn({ root, kind }: Entry, problem: string): void {
  console.error(`warning: ${join(root, `${kind}.json`)} is no ${kind}: ${problem}`);
}

function describeImage({ file }: Entry, { release, architecture, parent }: Lineage, problem: string | undefined): string {
  if (problem !== undefined) return `image.json is no image: ${problem}`;
  const what = `Debian ${release} for ${architecture}${parent === undefined ? '' : `, from ${parent.name}`}`;
  return file.description === undefined ? what : `${what}: ${file.description}`;
}
