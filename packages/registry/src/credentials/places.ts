import { join } from 'node:path';

/**
 * The files that credentials are looked for in, in order: docker's and containers-auth.json(5)'s. REGISTRY_AUTH_FILE is the only one,
 * where it is set.
 */
export function placesOf(environment: NodeJS.ProcessEnv): { readonly files: string[]; readonly isNamed: boolean } {
  const named = environment['REGISTRY_AUTH_FILE'];
  if (named) return { files: [named], isNamed: true };
  const inFolder = (folder: string | undefined, ...names: string[]): string[] => (folder ? [join(folder, ...names)] : []);
  const home = environment['HOME'];
  const files = [
    ...inFolder(environment['XDG_RUNTIME_DIR'], 'containers/auth.json'),
    ...inFolder(environment['XDG_CONFIG_HOME'] || (home && join(home, '.config')), 'containers/auth.json'),
    ...inFolder(environment['DOCKER_CONFIG'] || (home && join(home, '.docker')), 'config.json'),
  ];
  return { files, isNamed: false };
}
