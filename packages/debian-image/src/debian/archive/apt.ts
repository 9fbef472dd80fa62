import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, command } from '../../host/index.ts';

/** An apt of our own: its configuration, lists and status live in one folder and touch nothing of this machine's. */
export interface Apt {
  readonly folder: string;
  /** Calls one of apt's programs inside it. */
  call(program: 'apt-get' | 'apt-cache', args: readonly string[]): Command;
}

export interface AptOptions {
  readonly folder: string;
  readonly architecture: string;
  readonly recommends: boolean;
  /** The text of sources.list. */
  readonly sources: string;
  /** Whether the release is archived; see `Release`. */
  readonly archived?: boolean;
  /** Lines of configuration that this machine's owner chose for its network: proxies, validity of dates. */
  readonly inherited: string;
}

/** mmdebstrap's own gpgv, which says GOODSIG for EXPKEYSIG and nothing else otherwise: every other signature stays as bad as it is. */
const expiredKeysTaken = '/usr/libexec/mmdebstrap/gpgvnoexpkeysig';

/** For lists that nobody renews: not the dates, and not the expiry of the keys (apt.conf(5)). */
const archivedSettings = ['Acquire::Check-Valid-Until "false";', `Apt::Key::gpgvcommand "${expiredKeysTaken}";`];

/** What an apt that resolves for an empty system must be told (apt.conf(5)). */
export function renderAptConfiguration({ folder, architecture, recommends, archived = false, inherited }: AptOptions): string {
  return `${[
    `Dir "${folder}/";`,
    `Dir::State "${folder}/state/";`,
    `Dir::State::Status "${folder}/state/status";`,
    `Dir::Cache "${folder}/cache/";`,
    `Dir::Etc "${folder}/etc/";`,
    `Dir::Log "${folder}/log/";`,
    `APT::Architecture "${architecture}";`,
    `APT::Architectures "${architecture}";`,
    `APT::Install-Recommends "${recommends}";`,
    `APT::Install-Suggests "false";`,
    // lists are fetched as the user who builds, who may not be able to become _apt
    `APT::Sandbox::User "";`,
    // a list that cannot be had is an error, never an older list used in silence
    `APT::Update::Error-Mode "any";`,
    `Acquire::Languages "none";`,
    `Acquire::Retries "2";`,
    `Acquire::http::Timeout "30";`,
  ].join('\n')}\n${inherited}${archived ? `${archivedSettings.join('\n')}\n` : ''}`;
}

/** Makes or refreshes the folder of such an apt; the lists that an earlier run fetched stay. */
export async function prepareApt(options: AptOptions): Promise<Apt> {
  const { folder } = options;
  for (const sub of ['state/lists/partial', 'cache/archives/partial', 'etc/apt.conf.d', 'etc/preferences.d', 'etc/sources.list.d', 'log']) {
    await mkdir(join(folder, sub), { recursive: true });
  }
  await writeFile(join(folder, 'state/status'), '');
  await writeFile(join(folder, 'etc/sources.list'), options.sources);
  const configuration = join(folder, 'apt.conf');
  await writeFile(configuration, renderAptConfiguration(options));
  const env = { APT_CONFIG: configuration };
  return { folder, call: (program, args) => command(program, args, { env }) };
}

/** Asks this machine's own apt for the settings that concern its network and its trust in dates. */
export const inheritedSettings: Command = command('apt-config', [
  'dump',
  '--no-empty',
  '--format',
  '%f "%v";%n',
  'Acquire::http::Proxy',
  'Acquire::https',
  'Acquire::Check-Valid-Until',
  'Acquire::Check-Date',
]);
