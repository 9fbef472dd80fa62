import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../packages/debian-image/src/host/index.ts';
import { catalogNote, noteFile, sumLine } from '../../packages/debian-image/src/pipeline/catalog-note.ts';
import { formatDuration } from '../../packages/report/src/index.ts';
import { stages } from '../../packages/nx-debian-image/src/stages.ts';
import { measure } from './measure.ts';
import { renderTable } from './table.ts';
import { type BenchWorkspace, copyWorkspace, removeWorkspace } from './workspace.ts';

/** How many images the graph has. */
const images = 200;

/** A command of Nx in a workspace without images and in one with many, in seconds. */
export interface GraphMeasurement {
  readonly command: string;
  readonly empty: number;
  readonly full: number;
}

const commands = [
  ['show', 'projects'],
  ['run-many', '-t', 'upload'],
];

/** Stages whose keys the plugin makes itself, so that they cannot be another executor's. */
const hashed = ['configure', 'upload'];

/**
 * Measures what images cost Nx where nothing is to be done. So that two hundred need not be made, their stages do nothing over manifests
 * that lie there already: Nx's own `nx:noop`, and for two a stand-in. Of what is measured, with everything cached, no stage is a part.
 */
export async function measureGraph(source: string, signal: AbortSignal, say: (line: string) => void): Promise<GraphMeasurement[]> {
  const workspace = await copyWorkspace(source, signal);
  try {
    await replaceExecutors(workspace);
    await rm(join(workspace.root, 'images'), { recursive: true });
    const empty = await measureCommands(workspace, signal);
    await addImages(workspace);
    say(`running the stages of ${images} images once`);
    const upload = workspace.nx(['run-many', '-t', 'upload', '--parallel=4', '--outputStyle=static'], false);
    for (let time = 0; time < 2; time += 1) await run(upload, { doing: 'filling the cache of Nx', signal, onLine: () => {} });
    const full = await measureCommands(workspace, signal);
    return commands.map((words, index) => ({ command: `nx ${words.join(' ')}`, empty: empty[index]!, full: full[index]! }));
  } finally {
    await removeWorkspace(workspace);
  }
}

async function replaceExecutors({ root }: BenchWorkspace): Promise<void> {
  const plugin = join(root, 'packages/nx-debian-image');
  const path = join(plugin, 'src/inference/targets.ts');
  const executor = '`nx-debian-image:${stage.name}`';
  const [before, ...after] = (await readFile(path, 'utf8')).split(executor);
  if (after.length !== 1) throw new Error(`${path} names the executor of a stage in another way`);
  await writeFile(path, `${before}${JSON.stringify(hashed)}.includes(stage.name) ? ${executor} : 'nx:noop'${after[0]}`);
  const standIns = hashed.map((name) => `export const ${name} = async () => ({ success: true });\n`);
  await writeFile(join(plugin, 'executors.mjs'), standIns.join(''));
}

/** The least of three runs of each command, since everything else on the machine only adds to it. */
async function measureCommands(workspace: BenchWorkspace, signal: AbortSignal): Promise<number[]> {
  const least: number[] = [];
  for (const words of commands) {
    const times: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const measured = await measure(workspace.nx(words, false), { doing: `measuring nx ${words[0]}`, scratch: workspace.scratch, signal });
      times.push(measured.seconds);
    }
    least.push(Math.min(...times));
  }
  return least;
}

/** Images with a package, a file and a script, each published already as far as its note says. */
async function addImages({ root }: BenchWorkspace): Promise<void> {
  const sums = join(root, 'tmp/SHA256SUMS');
  await mkdir(join(root, 'tmp'), { recursive: true });
  await writeFile(sums, '');
  const note = catalogNote(await sumLine(sums), new Date());
  for (let number = 1; number <= images; number += 1) {
    const name = `image-${String(number).padStart(3, '0')}`;
    const folder = join(root, 'images', name);
    await mkdir(join(folder, 'files/etc'), { recursive: true });
    await writeFile(join(folder, 'files/etc/motd'), `${name}\n`);
    await writeFile(join(folder, 'setup.sh'), `echo ${name}\n`, { mode: 0o755 });
    const image = { release: 'bookworm', packages: ['vim'], files: [{ source: 'files', target: '/' }], scripts: ['setup.sh'] };
    await writeFile(join(folder, 'image.json'), JSON.stringify(image));
    for (const { name: stage } of stages) {
      await mkdir(join(root, 'dist', name, stage), { recursive: true });
      await writeFile(join(root, 'dist', name, stage, 'manifest.json'), JSON.stringify({ name, stage }));
    }
    await writeFile(join(root, 'dist', name, noteFile), note);
  }
}

/** What is aimed at: at most 10 ms an image. */
export function renderGraph(measurements: readonly GraphMeasurement[]): string {
  const rows = measurements.map(({ command, empty, full }) => [
    `\`${command}\``,
    formatDuration(empty * 1000),
    formatDuration(full * 1000),
    `${(((full - empty) * 1000) / images).toFixed(1)} ms`,
  ]);
  return renderTable([`everything cached`, 'no image', `${images} images`, 'an image'], rows);
}
