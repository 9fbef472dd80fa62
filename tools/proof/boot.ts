import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Neighbours } from '../../packages/debian-image/src/image/index.ts';
import { verifyImage } from '../../packages/debian-image/src/pipeline/verify/index.ts';
import { countOf, failing, type Report } from '../../packages/debian-image/src/stages/verify/report/report.ts';
import { Failure, formatDuration } from '../../packages/report/src/index.ts';
import type { ProofOptions } from './build.ts';
import type { Row } from './table.ts';

/** Verifies what was built of an image, as its target does, or its triplet in the folder `files`; a guest that fails is a row that says so. */
export async function boot(
  options: ProofOptions & { readonly files?: string; readonly patience: number },
): Promise<Pick<Row, 'login' | 'ssh' | 'off' | 'took' | 'ok' | 'checks'>> {
  const { workspace, image, files, patience, progress, signal } = options;
  const request = { workspaceRoot: workspace, projectRoot: `images/${image}`, neighbours: neighboursIn(workspace), progress, signal };
  let result = 'verify';
  try {
    await verifyImage({ ...request, options: { patience }, environment: process.env }, files);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason !== 'command-failed') throw error;
    result = 'verify-failed';
  }
  return judge(JSON.parse(await readFile(join(workspace, 'dist', image, result, 'report.json'), 'utf8')) as Report);
}

/** The images and profiles of a workspace that is laid out as this one. */
function neighboursIn(workspace: string): Neighbours {
  const within = (folder: string, file: string): Map<string, string> => {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return new Map(names.map((name) => [name, join(folder, name)] as const).filter(([, path]) => existsSync(join(path, file))));
  };
  const images = join(workspace, 'images');
  return { image: within(images, 'image.json'), profile: within(join(images, 'profiles'), 'profile.json') };
}

function judge(report: Report): Pick<Row, 'login' | 'ssh' | 'off' | 'took' | 'ok' | 'checks'> {
  const triplet = report.groups.find(({ name }) => name === 'triplet')?.checks ?? [];
  const value = (name: string): string => triplet.find((check) => check.name.startsWith(name))?.value.split('\n')[0] ?? '';
  const bad = failing(report).map(({ group, name }) => `${group}: ${name}`);
  const count = countOf(report);
  return {
    login: value('login prompt'),
    ssh: value('ssh with'),
    off: value('power off'),
    took: formatDuration(report.seconds * 1000),
    ok: bad.length === 0,
    checks: bad.length === 0 ? `all ${count} hold` : `${count - bad.length} of ${count} hold; not: ${bad.join(', ')}`,
  };
}
