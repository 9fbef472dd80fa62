import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { copyRepository } from './repository.ts';

/** Builds this repository's packages from a clean copy and packs them as they are published; gives the tarballs. */
export async function packAll(folder: string): Promise<string[]> {
  const copy = join(folder, 'repository');
  const packed = join(folder, 'packed');
  await mkdir(packed);
  await copyRepository(copy);
  await run('npm', ['run', '--silent', 'build'], { cwd: copy });
  await run('npm', ['pack', '--workspaces', '--silent', '--pack-destination', packed], { cwd: copy });
  return (await readdir(packed)).toSorted().map((name) => join(packed, name));
}

export interface NxVersions {
  readonly nx: string;
  readonly devkit: string;
}

/** Makes an empty git workspace of that Nx and installs the tarballs into it, as a user would. */
export async function newWorkspace(workspace: string, tarballs: readonly string[], { nx, devkit }: NxVersions): Promise<void> {
  await mkdir(workspace, { recursive: true });
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: workspace });
  await writeFile(join(workspace, 'package.json'), JSON.stringify({ name: 'images', private: true }));
  await writeFile(join(workspace, 'nx.json'), JSON.stringify({ analytics: false, defaultBase: 'main' }));
  await writeFile(join(workspace, '.gitignore'), 'node_modules/\n');
  const packages = [`nx@${nx}`, `@nx/devkit@${devkit}`, ...tarballs];
  await run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', '--loglevel=error', ...packages], { cwd: workspace });
}
