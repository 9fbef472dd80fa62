import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../../packages/debian-image/src/host/index.ts';
import { describe } from '../../packages/report/src/index.ts';
import { measureBoot, renderBoot } from './boot.ts';
import { describeMachine } from './machine.ts';
import { updatePage } from './page.ts';
import { measureRoot } from './root-size.ts';
import { measureRounds } from './rounds.ts';
import { readRecipe } from './recipe.ts';
import { measureRegistry, renderRegistry } from './registry.ts';
import { listSubjects } from './subjects/index.ts';
import { renderSizes, renderTimes } from './table.ts';
import { measureGraph, renderGraph } from './graph.ts';
import { measureVariants, renderVariants } from './variants.ts';
import { copyWorkspace, imageName, removeWorkspace } from './workspace.ts';

const subjectNames = [
  'first-build',
  'mmdebstrap',
  'next-build',
  'changed-script',
  'unchanged',
  'unchanged-daemon',
  'mkosi',
  'diskimage-builder',
  'boot',
  'variants',
  'graph',
  'registry',
];
const usage = `npm run bench -- [--runs N] [--only NAME,NAME] [--keep]

Measures how long images take here beside what other programs take, and writes the tables into docs/benchmarks.md.
  --runs N     how often each is measured, one after another in turn (3)
  --only NAMES some of: ${subjectNames.join(', ')}; the page stays as it is
  --keep       leaves the copy of the workspace that was measured in`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
const runs = Number(values.runs);
const only = values.only?.split(',');
const unknown = only?.filter((name) => !subjectNames.includes(name)) ?? [];
if (values.help || !(runs >= 1) || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no ${unknown.join(', ')}.\n\n${usage}` : usage);
  process.exit(values.help ? 0 : 2);
}

const source = join(import.meta.dirname, '../..');
const page = join(source, 'docs/benchmarks.md');
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());

try {
  await bench();
} catch (error) {
  console.error(describe(error));
  process.exitCode = 1;
}

async function bench(): Promise<void> {
  const { signal } = controller;
  console.log('copying the workspace');
  const workspace = await copyWorkspace(source, signal);
  try {
    console.log('building the image once to fetch its packages');
    await run(workspace.nx(['run', `${imageName}:upload`], false), { doing: 'building the image once', signal, onLine: () => {} });
    const recipe = await readRecipe(workspace);
    const subjects = listSubjects(workspace, recipe);
    const outcomes = await measureRounds(subjects, { scratch: workspace.scratch, runs, only, signal, say: console.log });
    const sizes = only === undefined ? renderSizes(await measureRoot(workspace, signal)) : undefined;
    const wanted = (name: string): boolean => only === undefined || only.includes(name);
    const boot = wanted('boot') ? renderBoot(await measureBoot(workspace, { recipe, runs, signal, say: console.log })) : undefined;
    const variants = wanted('variants') ? renderVariants(await measureVariants(workspace, signal, console.log)) : undefined;
    const registry = wanted('registry') ? renderRegistry(await measureRegistry(source, workspace.scratch, signal, console.log)) : undefined;
    const graph = wanted('graph') ? renderGraph(await measureGraph(source, signal, console.log)) : undefined;
    const measured = [
      `Measured on ${today()} with \`${commandLine()}\` on ${await describeMachine()}.`,
      renderTimes(outcomes),
      sizes,
      boot,
      variants,
      graph,
      registry,
    ];
    const text = measured.filter((part) => part !== undefined).join('\n\n');
    console.log(`\n${text}`);
    if (only === undefined) await updatePage(page, text);
  } finally {
    if (values.keep) console.log(`kept: ${workspace.scratch}`);
    else await removeWorkspace(workspace);
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function commandLine(): string {
  return `npm run bench -- ${process.argv.slice(2).join(' ')}`.replace(/ -- $/, '');
}
