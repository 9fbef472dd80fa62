import { Failure, suggest } from '@nx-debian-image/report';
import type { Settings } from './parse.ts';

export interface Choice {
  readonly name: string;
  readonly settings: Settings;
  readonly ofVariables: boolean;
}

/** Everything a cloud is chosen from. */
export interface Choices {
  readonly clouds: Readonly<Record<string, Settings>>;
  /** The cloud of the OS_* variables. */
  readonly variables: Settings | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Named by the caller; wins over OS_CLOUD. */
  readonly wanted: string | undefined;
  /** The file that was read, and all that were looked for. */
  readonly file: string | undefined;
  readonly looked: readonly string[];
}

/** The cloud that is meant: by name, by OS_CLOUD, that of the OS_* variables, or the only one. Failure `not-found` or `invalid`. */
export function chooseCloud({ clouds, variables, env, wanted, file, looked }: Choices): Choice {
  const ofVariables = env['OS_CLOUD_NAME'] || 'envvars';
  if (clouds[ofVariables]) {
    throw new Failure('invalid', `${file} has a cloud "${ofVariables}", the name of the cloud that the OS_* variables form`, {
      where: file ?? 'OS_CLOUD_NAME',
      hint: 'Rename one of them; OS_CLOUD_NAME names that of the variables.',
    });
  }
  const all: Record<string, Settings> = { ...clouds, ...(variables ? { [ofVariables]: variables } : {}) };
  const names = Object.keys(all);
  const name = wanted || env['OS_CLOUD'] || (variables ? ofVariables : names.length === 1 ? names[0] : undefined);
  const known = names.length === 0 ? 'there is none' : `there are: ${names.toSorted().join(', ')}`;
  const where = file ?? `looked for ${looked.filter((path) => !/\.(yml|json)$/.test(path)).join(', ')} (also .yml and .json)`;
  if (name === undefined) {
    throw new Failure('not-found', names.length === 0 ? 'no OpenStack cloud is set up here' : `no OpenStack cloud is chosen; ${known}`, {
      where,
      hint:
        names.length === 0 ? 'Write a clouds.yaml, or set the OS_* variables (an openrc file).' : 'Name one as `cloud`, or set OS_CLOUD.',
    });
  }
  const settings = Object.hasOwn(all, name) ? all[name] : undefined;
  if (!settings) {
    const near = suggest(name, names);
    throw new Failure('not-found', `there is no OpenStack cloud "${name}"; ${known}`, { where, ...(near ? { hint: near } : {}) });
  }
  return { name, settings, ofVariables: variables !== undefined && name === ofVariables };
}
