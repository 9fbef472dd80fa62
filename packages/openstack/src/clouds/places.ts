import { join } from 'node:path';

/** What of the surroundings decides which cloud is read. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder. */
  readonly cwd: string;
  /** The user's home. */
  readonly home: string;
}

const suffixes = ['.yaml', '.yml', '.json'];

/**
 * Every file that may hold `clouds`, `secure` or `clouds-public` settings, in the order in which openstacksdk tries them
 * (openstack/config/loader.py): a variable, the working folder, the user's folder, the system's folders.
 */
export function places(kind: 'clouds' | 'secure' | 'clouds-public', { env, cwd, home }: Surroundings): string[] {
  const folders = [cwd];
  if (env['XDG_CONFIG_HOME']) folders.push(join(env['XDG_CONFIG_HOME'], 'openstack'));
  folders.push(join(env['SNAP_REAL_HOME'] || home, '.config/openstack'));
  const system = env['XDG_CONFIG_DIRS']?.split(':').find(Boolean) ?? '/etc/xdg';
  folders.push(join(system, 'openstack'), '/etc/openstack');
  const files = folders.flatMap((folder) => suffixes.map((suffix) => join(folder, `${kind}${suffix}`)));
  const chosen = kind === 'clouds' ? env['OS_CLIENT_CONFIG_FILE'] : kind === 'secure' ? env['OS_CLIENT_SECURE_FILE'] : undefined;
  return chosen ? [chosen, ...files] : files;
}
