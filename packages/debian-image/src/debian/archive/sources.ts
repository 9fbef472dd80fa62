import type { Release } from '../releases.ts';
import type { Mirror } from '../mirror/choose.ts';

/** One suite of an archive, as a line of sources.list says it. */
export interface Suite {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/** Kinds of updates beside the release itself. */
export type Pocket = 'updates' | 'security' | 'backports';

/** The suites of a release, the release itself first. */
export function suitesOf(
  release: Release,
  mirror: Pick<Mirror, 'main' | 'security'>,
  components: readonly string[],
  pockets: readonly Pocket[],
): Suite[] {
  const suites: Suite[] = [{ uri: mirror.main, suite: release.name, components }];
  if (pockets.includes('updates') && release.updatesSuite !== undefined) {
    suites.push({ uri: mirror.main, suite: release.updatesSuite, components });
  }
  if (pockets.includes('security') && release.securitySuite !== undefined) {
    suites.push({ uri: mirror.security, suite: release.securitySuite, components });
  }
  if (pockets.includes('backports')) suites.push({ uri: mirror.main, suite: `${release.name}-backports`, components });
  return suites;
}

/** sources.list for apt on this machine: every suite is verified with the keyring named. */
export function renderBuildSources(suites: readonly Suite[], keyring: string): string {
  return suites.map(({ uri, suite, components }) => `deb [signed-by=${keyring}] ${uri} ${suite} ${components.join(' ')}\n`).join('');
}

const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A file of an image: its `path` from the root without a slash, and its text. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** What an image's own apt reads: its sources, and for an archived release that the dates of those count no more. */
export function renderImageApt(release: Release, suites: readonly Suite[]): TextFile[] {
  const sources = renderImageSources(release, suites);
  if (!release.archived) return [sources];
  return [sources, { path: 'etc/apt/apt.conf.d/50archived-release', text: 'Acquire::Check-Valid-Until "false";\n' }];
}

function renderImageSources(release: Release, suites: readonly Suite[]): TextFile {
  if (!release.deb822Sources) {
    const text = suites.map(({ uri, suite, components }) => `deb ${uri} ${suite} ${components.join(' ')}\n`).join('');
    return { path: 'etc/apt/sources.list', text };
  }
  const stanzas = new Map<string, Suite[]>();
  for (const suite of suites) stanzas.set(suite.uri, [...(stanzas.get(suite.uri) ?? []), suite]);
  const text = [...stanzas].map(([uri, group]) =>
    [
      `Types: deb`,
      `URIs: ${uri}`,
      `Suites: ${group.map(({ suite }) => suite).join(' ')}`,
      `Components: ${group[0]!.components.join(' ')}`,
      `Signed-By: ${debianKeyring}`,
      '',
    ].join('\n'),
  );
  return { path: 'etc/apt/sources.list.d/debian.sources', text: text.join('\n') };
}
