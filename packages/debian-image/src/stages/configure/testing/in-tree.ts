import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { command, run } from '../../../host/index.ts';
import { type Marker, parseMarker } from '../markers.ts';
import { renderScript, type Step } from '../script.ts';

/** A folder that stands for a tree, with the given files; removed by `remove`. */
export interface Tree {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function makeTree(files: Readonly<Record<string, string>>): Promise<Tree> {
  const folder = await mkdtemp(join(tmpdir(), 'tree-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: content.startsWith('#!') ? 0o755 : 0o644 });
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs a step with every absolute path of a system put below the tree; gives its status and what it printed. */
export async function runStep({ folder }: Tree, step: Step): Promise<{ status: number; lines: string[]; markers: Marker[] }> {
  const script = step.script.replace(/(?<![\w./])\/(?=(?:etc|lib|usr|boot|var|root|home|tmp|sbin)\b)/g, `${folder}/`);
  const lines: string[] = [];
  const program = renderScript({ steps: [{ ...step, script }] });
  const { status } = await run(command('sh', ['-c', program, 'configure', join(folder, 'stage')]), {
    doing: step.title,
    onLine: (line) => lines.push(line),
    accept: Array.from({ length: 255 }, (_, index) => index),
  });
  return { status, lines, markers: lines.map(parseMarker).filter((marker) => marker !== undefined) };
}
