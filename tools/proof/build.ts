import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, run } from '../../packages/debian-image/src/host/index.ts';
import { formatBytes, formatDuration, type Progress } from '../../packages/report/src/index.ts';
import type { Row } from './table.ts';

export interface ProofOptions {
  readonly workspace: string;
  readonly image: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Runs the stages of an image up to its triplet, as far as they are not in Nx's cache, telling every line that they say. */
export async function build({ workspace, image, progress, signal }: ProofOptions): Promise<Pick<Row, 'kernel' | 'root' | 'built'>> {
  const begin = Date.now();
  const lines: string[] = [];
  const env = { NX_DAEMON: 'false', NX_TUI: 'false', ...ownVariables() };
  progress.step(`building ${image}`);
  await run(command(join(workspace, 'node_modules/.bin/nx'), ['run', `${image}:extract`], { cwd: workspace, env }), {
    doing: `building ${image}`,
    signal,
    onLine(line) {
      lines.push(line);
      if (line.trim() !== '') progress.note(line);
    },
  });
  const cached = lines.some((line) => line.includes('for 5 out of 5 tasks'));
  return { ...(await builtFacts(workspace, image)), built: cached ? 'before' : formatDuration(Date.now() - begin) };
}

/** What the last stage of a build says of it. */
export async function builtFacts(workspace: string, image: string): Promise<Pick<Row, 'kernel' | 'root'>> {
  const { kernelVersion, files } = JSON.parse(await readFile(join(workspace, 'dist', image, 'extract/config.json'), 'utf8')) as {
    kernelVersion: string;
    files: { root: { size: number } };
  };
  return { kernel: kernelVersion, root: formatBytes(files.root.size) };
}

/** `run` gives a small environment; what is said about mirrors, store and memory goes along. */
function ownVariables(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('DEBIAN_IMAGE_'))) as Record<string, string>;
}
