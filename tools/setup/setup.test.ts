import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forBuilding, forTesting } from './debian-packages.mjs';
import { findMissing } from './find.mjs';
import { isUpToDate } from './node-modules.mjs';
import { checkUser } from './user.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const program = (name: string, script: string): void => {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
};

it('counts a need as met by its program or its file', () => {
  program('thing', '');
  const needs = [
    { package: 'a', program: 'thing', for: 'x' },
    { package: 'b', program: 'no-such-program', for: 'x' },
    { package: 'c', file: folder, for: 'x' },
    { package: 'd', file: join(folder, 'nothing'), for: 'x' },
  ];
  expect(findMissing(needs, join(folder, 'bin')).map((need) => need.package)).toEqual(['b', 'd']);
});

it('names each package once and says how to see that it is there', () => {
  const all = [...forBuilding, ...forTesting];
  expect(new Set(all.map((need) => need.package)).size).toBe(all.length);
  for (const need of all) expect([need.program, need.file].filter(Boolean)).toHaveLength(1);
});

/** Runs setUpDebian as an ordinary user, in a process of its own with these programs on PATH; `thing` is needed. */
function setUp(): { status: number | null; said: string } {
  const script = `
    import { setUpDebian } from ${JSON.stringify(join(import.meta.dirname, 'debian.mjs'))};
    await setUpDebian([{ package: 'thing-utils', program: 'thing', for: 'does things' }], { uid: 1000 }).catch((error) => { console.log(error.message); process.exit(1); });`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { PATH: `${folder}/bin:/usr/bin:/bin` },
  });
  return { status, said: stdout };
}

const log = (): string => readFileSync(join(folder, 'log'), 'utf8');

it('installs what is missing, after fetching package lists where apt does not know the package', () => {
  program('sudo', `[ "$2" = true ] || { shift; exec "$@"; }`);
  program(
    'apt-get',
    `echo "$1" >> ${folder}/log; case $1 in update) touch ${folder}/lists;; install) [ -e ${folder}/lists ] && cp "$0" ${folder}/bin/thing;; esac`,
  );
  expect(setUp()).toEqual({ status: 0, said: 'Installing thing-utils\nFetching package lists\nInstalling thing-utils\n' });
  expect(log()).toBe('install\nupdate\ninstall\n');
  expect(setUp()).toEqual({ status: 0, said: '' });
});

it('says what apt said when it cannot install', () => {
  program('sudo', `[ "$2" = true ] || { shift; exec "$@"; }`);
  program('apt-get', 'echo "E: Unable to locate package thing-utils"; exit 100');
  const { status, said } = setUp();
  expect(status).toBe(1);
  expect(said).toContain('apt-get could not install thing-utils:\n  | E: Unable to locate package thing-utils\n');
});

it('tells a user who may not install what to install, in one message', () => {
  program('sudo', 'exit 1');
  program('apt-get', 'exit 1');
  expect(setUp().said).toBe(
    'These Debian packages are missing:\n  thing-utils: does things\nInstall them with:\n  sudo apt-get install --no-install-recommends thing-utils\n',
  );
});

it('sees npm packages that are missing or of another version', () => {
  const lock = (name: string, packages: unknown): void => {
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify({ packages }));
  };
  lock('package-lock.json', { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0', optional: true } });
  expect(isUpToDate(folder)).toBe(false);
  lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
  expect(isUpToDate(folder)).toBe(true);
  lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '0.9.0' } });
  expect(isUpToDate(folder)).toBe(false);
});

it('gives an ordinary user without subordinate ids the command that makes a free range', () => {
  const file = join(folder, 'subids');
  writeFileSync(file, 'other:100000:65536\nsmall:165536:1000\n');
  const check = (name: string, uid = 1000) => checkUser({ uid, name, subuid: file, subgid: file });
  expect(() => check('other')).not.toThrow();
  expect(() => check('nobody', 0)).not.toThrow();
  expect(() => check('small')).toThrow('sudo usermod --add-subuids 166536-232071 --add-subgids 166536-232071 small');
});
