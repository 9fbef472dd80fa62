import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, type Outcome } from './command.ts';
import { attemptNx, nx, nxEnvironment } from './nx.ts';
import { copyRepository, repository } from './repository.ts';

/** A copy of this repository in which images are really built. */
export interface ImageWorkspace {
  readonly folder: string;
  /** The variables that Nx and the build are run with. */
  readonly environment: Readonly<Record<string, string>>;
  path(...names: string[]): string;
  /** Runs Nx, which must end well, and gives what it said. */
  nx(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  attempt(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
  dispose(): Promise<void>;
}

/** All such workspaces share store and cache of Nx, as the checkouts of a person do: the first builds an image, the others find it. */
export async function imageWorkspace(): Promise<ImageWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'images-'));
  const workspace = join(folder, 'workspace');
  await copyRepository(workspace);
  await attempt('git', ['init', '--quiet', '--initial-branch=main'], { cwd: workspace });
  const shared = join(repository, 'tmp/e2e');
  const environment = { ...nxEnvironment(join(shared, 'nx')), DEBIAN_IMAGE_STORE: join(shared, 'store') };
  return {
    folder: workspace,
    environment,
    path: (...names) => join(workspace, ...names),
    nx: (args, env = {}) => nx(workspace, args, { ...environment, ...env }),
    attempt: (args, env = {}) => attemptNx(workspace, args, { ...environment, ...env }),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
