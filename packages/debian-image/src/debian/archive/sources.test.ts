import { expect, it } from 'vitest';
import { releaseOf } from '../releases.ts';
import { renderBuildSources, renderImageApt, suitesOf } from './sources.ts';

const mirror = { main: 'http://mirror/debian', security: 'http://mirror/debian-security' };
const named = (release: Parameters<typeof releaseOf>[0], pockets: Parameters<typeof suitesOf>[3]) =>
  suitesOf(releaseOf(release), mirror, ['main'], pockets).map(({ uri, suite }) => `${uri} ${suite}`);

it('knows the suites of each release', () => {
  expect(named('bookworm', ['security', 'updates', 'backports'])).toEqual([
    'http://mirror/debian bookworm',
    'http://mirror/debian bookworm-updates',
    'http://mirror/debian-security bookworm-security',
    'http://mirror/debian bookworm-backports',
  ]);
  expect(named('squeeze', ['updates', 'security'])).toEqual([
    'http://mirror/debian squeeze',
    'http://mirror/debian-security squeeze/updates',
  ]);
  expect(named('sid', ['updates', 'security'])).toEqual(['http://mirror/debian sid']);
  expect(named('trixie', [])).toEqual(['http://mirror/debian trixie']);
});

it('has every suite verified with the keyring of the build', () => {
  const suites = suitesOf(releaseOf('bookworm'), mirror, ['main', 'contrib'], ['security']);
  expect(renderBuildSources(suites, '/keys.gpg')).toBe(
    'deb [signed-by=/keys.gpg] http://mirror/debian bookworm main contrib\ndeb [signed-by=/keys.gpg] http://mirror/debian-security bookworm-security main contrib\n',
  );
});

const sources = (name: 'buster' | 'bullseye' | 'bookworm') => {
  const release = releaseOf(name);
  return renderImageApt(release, suitesOf(release, mirror, ['main'], ['updates', 'security']));
};

it("writes the image's own sources as its apt reads them", () => {
  expect(sources('bullseye')[0]).toEqual({
    path: 'etc/apt/sources.list',
    text: 'deb http://mirror/debian bullseye main\ndeb http://mirror/debian bullseye-updates main\ndeb http://mirror/debian-security bullseye-security main\n',
  });
  expect(sources('bookworm')[0]).toEqual({
    path: 'etc/apt/sources.list.d/debian.sources',
    text: `Types: deb
URIs: http://mirror/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`,
  });
});

it("tells an image's own apt that the dates of an archived release count no more", () => {
  expect(sources('bookworm')).toHaveLength(1);
  expect(sources('buster')[1]).toEqual({
    path: 'etc/apt/apt.conf.d/50archived-release',
    text: 'Acquire::Check-Valid-Until "false";\n',
  });
});
