import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Progress, silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTinyGuest, type TinyGuest } from '../testing/tiny-guest.ts';
import { type InstallationOptions, runInstaller } from './install.ts';

// A guest that says what an installer would say, in a real machine.

let folder: string;
let guest: TinyGuest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'installer-test-'));
  guest = await makeTinyGuest(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = (does: string): InstallationOptions => ({
  architecture: 'amd64',
  accelerator: { name: 'tcg', why: 'the same on every host' },
  memory: 256 * 2 ** 20,
  processors: 1,
  disks: [],
  ...guest,
  commandLine: `console=ttyS0 does=${does}`,
  consoleLog: join(folder, `${does}.log`),
  limitSeconds: 240,
  progress: silent,
});

it('tells the steps until the machine is off, and keeps the console', async () => {
  const lines: string[] = [];
  const progress: Progress = { ...silent, step: (text) => void lines.push(text), note: (text) => void lines.push(text) };
  expect(await runInstaller({ ...options('install'), progress })).toMatchObject({ name: 'tcg' });
  expect(lines).toEqual(['the same on every host', 'installer: Installing the base system', 'Installing the base system: 100 %']);
  expect(await readFile(join(folder, 'install.log'), 'utf8')).toMatch(/Linux version[^]*100%[^]*Power down/);
});

it.each([
  ['ask', 'invalid', 'the installer asks something that nobody answers', /^Set up users and passwords\n-----\n\nRoot password:$/],
  ['panic', 'command-failed', "the installer's kernel panicked", /Kernel panic/],
] as const)('sees %s, and leaves no machine', async (does, reason, message, said) => {
  const consoleLog = join(folder, `${does}.log`);
  await expect(runInstaller(options(does))).rejects.toMatchObject({
    reason,
    message,
    where: consoleLog,
    said: expect.stringMatching(said),
  });
});

it('ends with its signal', async () => {
  const controller = new AbortController();
  const running = runInstaller({ ...options('nothing'), signal: controller.signal });
  setTimeout(() => controller.abort(), 2000);
  await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
  expect(existsSync(join(folder, 'nothing.log'))).toBe(true);
});

it('ends at its limit', async () => {
  await expect(runInstaller({ ...options('nothing'), limitSeconds: 15 })).rejects.toMatchObject({ reason: 'timeout' });
});
