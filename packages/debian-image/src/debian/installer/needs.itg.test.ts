import { expect, it } from 'vitest';
import { command, run } from '../../host/index.ts';
import { keyringFile } from '../keyring.ts';
import { releaseNames } from '../names.ts';
import { releaseOf } from '../releases.ts';
import { installerClock, installerMemory } from './needs.ts';

const archived = releaseNames.map(releaseOf).filter((release) => release.archived);

/** When the keys of a release were made and expire, in seconds since 1970; its name is in the uid of each, or its number. */
async function keysOf(name: string, version: number): Promise<{ made: number; expires: number }[]> {
  const show = command('gpg', ['--batch', '--show-keys', '--with-colons', await keyringFile(releaseOf('squeeze'))]);
  const { stdout } = await run(show, { doing: 'reading the keys' });
  const keys = stdout.split(/^pub:/m).slice(1);
  const own = new RegExp(`\\((?:${version}(?:\\.0)?/)?${name}\\)|^${name} stable|:${name} stable`, 'im');
  return keys.filter((key) => own.test(key)).map((key) => ({ made: Number(key.split(':')[4]), expires: Number(key.split(':')[5]) }));
}

it.each(archived)('begins the clock of $name while all its keys were good', async (release) => {
  const clock = installerClock(release)!.getTime() / 1000;
  const keys = await keysOf(release.name, release.version);
  expect(keys.length).toBeGreaterThanOrEqual(2);
  expect(keys.filter(({ made, expires }) => clock < made || clock > expires)).toEqual([]);
});

it('leaves the clock of others alone', () => {
  expect(installerClock(releaseOf('trixie'))).toBeUndefined();
});

it('gives no machine less than 512 MiB', () => {
  expect(Math.min(...releaseNames.map((name) => installerMemory(releaseOf(name))))).toBe(512 << 20);
});
