import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutorContext, ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { printedBy } from '@nx-debian-image/debian-image';
import { publishedAt } from '@nx-debian-image/debian-image/catalog-note';
import { filesMatching, hashOf } from './files.ts';
import { catalogueOf } from '../inference/catalogue.ts';
import { look, lookedAt } from '../unhashed/look.ts';
import type { Inputs, InputKind } from './inputs.ts';

/** As much of an executor's context as decides inputs. */
export type InputContext = Pick<ExecutorContext, 'root' | 'projectsConfigurations' | 'projectGraph'>;

type Input = NonNullable<TargetConfiguration['inputs']>[number];
type Add = (kind: InputKind, name: string, value: string) => void;

/** Files that Nx hashes into every task by itself. */
const filesOfNx = ['nx.json', '.gitignore', '.nxignore'];

/**
 * The inputs of a target as they are now, read as Nx reads them: fields of JSON files, filesets, runtime inputs, variables, npm packages and the
 * results of the tasks before it; beside them what Nx adds by itself. Takes tens of milliseconds for a hundred files.
 */
export async function evaluateInputs(context: InputContext, projectName: string, targetName: string): Promise<Inputs> {
  const project = projectOf(context, projectName);
  const target = project.targets?.[targetName] ?? {};
  const inputs: Partial<Record<InputKind, Record<string, string>>> = {};
  const add: Add = (kind, name, value) => void ((inputs[kind] ??= {})[name] = value);
  const about = { context, project, projectName, target, add };
  for (const file of filesOfNx) addFiles(about, `{workspaceRoot}/${file}`);
  for (const [name, { executor, options, configurations, outputs }] of Object.entries(project.targets ?? {})) {
    add('target', name, JSON.stringify({ executor, options, configurations, outputs }));
  }
  await Promise.all([addUnhashed(about), ...(target.inputs ?? []).map((input) => addInput(about, input))]);
  return inputs;
}

interface About {
  readonly context: InputContext;
  readonly project: ProjectConfiguration;
  readonly projectName: string;
  readonly target: TargetConfiguration;
  readonly add: Add;
}

async function addInput(about: About, input: Input): Promise<void> {
  const { context, add } = about;
  if (typeof input === 'string') addFiles(about, input);
  else if ('json' in input) addFields(about, String(input.json), input.fields);
  else if ('fileset' in input) addFiles(about, input.fileset);
  else if ('runtime' in input) add('command', input.runtime, await printedBy(input.runtime, context.root));
  else if ('env' in input) add('variable', input.env, process.env[input.env] ?? '');
  else if ('externalDependencies' in input) for (const name of input.externalDependencies) add('package', name, versionOf(about, name));
  else if ('dependentTasksOutputFiles' in input) addResults(about, input.dependentTasksOutputFiles);
}

/** What its hasher adds to the key. */
async function addUnhashed({ context, project, projectName, target, add }: About): Promise<void> {
  const executor = lookedAt(target.executor);
  if (executor === undefined) return;
  const roots = Object.values(context.projectsConfigurations.projects).map(({ root }) => root);
  const [seen] = await look([{ executor, project: projectName, root: project.root }], catalogueOf(roots, context.root), context.root);
  for (const [name, text] of Object.entries(seen!)) add('unhashed', name, executor === 'upload' ? catalogInWords(text) : text!);
}

/** The time of a note, which no other has, stands for all of it. */
function catalogInWords(note: string | undefined): string {
  return note === undefined ? 'not as it was published' : `as it was published at ${publishedAt(note) ?? note}`;
}

function addFiles({ context, project, add }: About, fileset: string): void {
  const glob = inWorkspace(fileset, project);
  for (const path of filesMatching(context.root, glob)) add('file', path, hashOf(join(context.root, path)));
}

function addFields({ context, project, add }: About, json: string, fields: readonly string[] | undefined): void {
  const path = inWorkspace(json, project);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(context.root, path), 'utf8'));
  } catch {
    return;
  }
  for (const field of fields ?? Object.keys(content as object)) {
    const value = field.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], content);
    if (value !== undefined) add('field', `${path}: ${field}`, JSON.stringify(value));
  }
}

/** What the tasks left that this one depends on: files of their outputs that match the last part of the glob. */
function addResults({ context, projectName, target, add }: About, glob: string): void {
  for (const dependency of target.dependsOn ?? []) {
    const { target: name, projects = projectName } =
      typeof dependency === 'string' ? { target: dependency } : { ...dependency, projects: dependency.projects ?? projectName };
    for (const other of [projects].flat()) {
      const outputs = context.projectsConfigurations.projects[other]?.targets?.[name]?.outputs ?? [];
      const files = outputs.flatMap((output) => filesMatching(context.root, `${outputPath(output, other)}/${glob}`));
      add('result', `${other}:${name}`, files.map((file) => hashOf(join(context.root, file))).join(' ') || 'none');
    }
  }
}

function versionOf({ context }: About, name: string): string {
  const node = context.projectGraph?.externalNodes?.[`npm:${name}`];
  return node === undefined ? 'not installed' : [node.data.version, node.data.hash].filter(Boolean).join(' ');
}

function inWorkspace(path: string, { root }: ProjectConfiguration): string {
  return path.replace('{projectRoot}', root).replace('{workspaceRoot}/', '').replace(/^\.\//, '');
}

function outputPath(output: string, projectName: string): string {
  return output.replace('{workspaceRoot}/', '').replace('{projectName}', projectName);
}

function projectOf({ projectsConfigurations }: InputContext, name: string): ProjectConfiguration {
  const project = projectsConfigurations.projects[name];
  if (project === undefined) throw new Error(`the workspace has no project ${name}`);
  return project;
}
