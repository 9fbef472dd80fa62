import { join } from 'node:path';
import { attempt, type Outcome, run } from './command.ts';

/** Nx as it is in a build machine, its state below a folder of the test. */
export function nxEnvironment(state: string): Record<string, string> {
  return {
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_CACHE_DIRECTORY: join(state, 'cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(state, 'data'),
    NX_NO_CLOUD: 'true',
    FORCE_COLOR: '0',
  };
}

/** Runs the Nx of a workspace; it must end well. */
export function nx(workspace: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return run(join(workspace, 'node_modules/.bin/nx'), args, { cwd: workspace, env });
}

export function attemptNx(workspace: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  return attempt(join(workspace, 'node_modules/.bin/nx'), args, { cwd: workspace, env });
}
