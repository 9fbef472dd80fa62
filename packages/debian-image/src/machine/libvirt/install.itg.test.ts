import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Progress, silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, run } from '../../host/index.ts';
import { makeTinyGuest, type TinyGuest } from '../testing/tiny-guest.ts';
import { installOnHost, type LibvirtInstallationOptions } from './install.ts';
import { kinds, startLibvirtd, type TestLibvirtd } from './testing/libvirtd.ts';

// A guest that says what an installer would say, in a machine of a real libvirtd.

let folder: string;
let guest: TinyGuest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'libvirt-'));
  await chmod(folder, 0o755);
  guest = await makeTinyGuest(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const optionsFor = (daemon: TestLibvirtd, does: string): LibvirtInstallationOptions => ({
  ...guest,
  host: daemon.host,
  image: 'tiny',
  architecture: 'amd64',
  memory: 256 * 2 ** 20,
  processors: 1,
  commandLine: `console=ttyS0 does=${does}`,
  disk: { path: join(folder, `${does}.qcow2`), bytes: 2 ** 30 },
  consoleLog: join(folder, `${does}.log`),
  limitSeconds: 240,
  progress: silent,
});

describe.each(kinds)('%s', (kind) => {
  let daemon: TestLibvirtd;
  beforeAll(async () => void (daemon = await startLibvirtd(folder, kind)));
  afterAll(() => daemon.stop());

  const left = async (): Promise<unknown> => {
    const { stdout } = await run(command('virsh', ['-q', '-c', daemon.host.connect, 'list', '--all']), { doing: 'test' });
    return [stdout.trim(), await readdir(daemon.pool)];
  };

  it('tells the steps until the machine is off, keeps the console, and brings the disk', async () => {
    const lines: string[] = [];
    const progress: Progress = { ...silent, step: (text) => void lines.push(text), note: (text) => void lines.push(text) };
    const options = { ...optionsFor(daemon, 'write'), progress };
    const accelerator = await installOnHost(options);
    expect(lines).toEqual([
      accelerator.why,
      'installer: Installing the base system',
      'Installing the base system: 100 %',
      `fetching the disk from ${daemon.host.connect}`,
    ]);
    expect(await readFile(options.consoleLog, 'utf8')).toMatch(/^\[ +0\.0+\] Linux version[^]*100%[^]*Power down\r\n$/);
    const info = await run(command('qemu-img', ['info', '--output', 'json', options.disk.path]), { doing: 'test' });
    expect(JSON.parse(info.stdout)).toMatchObject({ format: 'qcow2', 'virtual-size': 2 ** 30 });
    const raw = join(folder, 'raw');
    await run(command('qemu-img', ['dd', '-O', 'raw', 'bs=512', 'count=1', `if=${options.disk.path}`, `of=${raw}`]), { doing: 'test' });
    expect((await readFile(raw)).subarray(0, 9).toString()).toBe('installed');
    expect(await left()).toEqual(['', []]);
  });

  it('sees a question, and leaves nothing', async () => {
    const options = optionsFor(daemon, 'ask');
    await expect(installOnHost(options)).rejects.toMatchObject({
      reason: 'invalid',
      message: 'the installer asks something that nobody answers',
      where: options.consoleLog,
      said: 'Set up users and passwords\n-----\n\nRoot password:',
    });
    expect(existsSync(options.disk.path)).toBe(false);
    expect(await left()).toEqual(['', []]);
  });

  it('ends with its signal, and leaves nothing', async () => {
    const controller = new AbortController();
    const running = installOnHost({ ...optionsFor(daemon, 'nothing'), signal: controller.signal });
    setTimeout(() => controller.abort(), 3000);
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
    expect(await left()).toEqual(['', []]);
  });
});
