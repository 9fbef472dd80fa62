import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AptOptions, prepareApt, renderAptConfiguration } from './apt.ts';

let folder: string;
let options: AptOptions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apt-test-'));
  options = {
    folder,
    architecture: 'arm64',
    recommends: false,
    sources: 'deb http://mirror x main\n',
    inherited: 'Acquire::http::Proxy "http://proxy";\n',
  };
});
afterAll(() => rm(folder, { recursive: true }));

it('is told to stay in its folder and to take nothing unverified', () => {
  expect(renderAptConfiguration({ ...options, folder: '/apt' })).toBe(`Dir "/apt/";
Dir::State "/apt/state/";
Dir::State::Status "/apt/state/status";
Dir::Cache "/apt/cache/";
Dir::Etc "/apt/etc/";
Dir::Log "/apt/log/";
APT::Architecture "arm64";
APT::Architectures "arm64";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::http::Proxy "http://proxy";
`);
});

it('takes for an archived release no notice of dates and expired keys, and still verifies', () => {
  const told = renderAptConfiguration({ ...options, archived: true });
  expect(told.endsWith('\nAcquire::Check-Valid-Until "false";\nApt::Key::gpgvcommand "/usr/libexec/mmdebstrap/gpgvnoexpkeysig";\n')).toBe(
    true,
  );
  expect(told).not.toMatch(/AllowUnauthenticated|AllowInsecure|trusted/i);
});

it("is read so by apt, which finds none of this machine's settings", async () => {
  const apt = await prepareApt(options);
  const { env } = apt.call('apt-get', ['update']);
  const dump = execFileSync('apt-config', ['dump'], { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' });
  const value = (name: string): string | undefined => new RegExp(`^${name} "(.*)";$`, 'm').exec(dump)?.[1];
  expect(['Dir::Etc', 'APT::Architecture', 'Acquire::http::Proxy', 'Acquire::Check-Valid-Until'].map(value)).toEqual([
    `${folder}/etc/`,
    'arm64',
    'http://proxy',
    undefined,
  ]);
  expect(await readFile(join(folder, 'etc/sources.list'), 'utf8')).toBe(options.sources);
});

it('keeps the lists that it has fetched before', async () => {
  await prepareApt(options);
  await writeFile(join(folder, 'state/lists/list'), 'fetched');
  const apt = await prepareApt({ ...options, sources: 'deb http://other x main\n' });
  expect(await readFile(join(apt.folder, 'state/lists/list'), 'utf8')).toBe('fetched');
  expect(await readFile(join(apt.folder, 'etc/sources.list'), 'utf8')).toBe('deb http://other x main\n');
});
