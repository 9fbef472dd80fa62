import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Progress, silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, run } from '../../host/index.ts';
import { nodeCall, untilReady } from '../../host/testing/processes.ts';
import { makeTinyGuest, type TinyGuest } from '../testing/tiny-guest.ts';
import { installOnHost, type LibvirtInstallationOptions } from './install.ts';
import { removeLibvirtLeftovers } from './leftovers.ts';
import { machineName } from './names.ts';
import { requireHost } from './require.ts';
import { kinds, startLibvirtd, type TestLibvirtd } from './testing/libvirtd.ts';
import { startSshd } from './testing/sshd.ts';
import { makeVolume, removeVolume } from './volumes.ts';

// A guest that says what an installer would say, in a machine of a real libvirtd.

const holder = fileURLToPath(new URL('testing/hold-installation.ts', import.meta.url));

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
  consoleLog: join(daemon.pool, '..', `${does}.log`),
  limitSeconds: 240,
  progress: silent,
});

/** The machines of a daemon, and the volumes in its pool. */
const left = async (daemon: TestLibvirtd): Promise<[machines: string, volumes: string[]]> => {
  const { stdout } = await run(command('virsh', ['-q', '-c', daemon.host.connect, 'list', '--all']), { doing: 'test' });
  return [stdout.trim(), await readdir(daemon.pool)];
};

describe.each(kinds)('%s', (kind) => {
  let daemon: TestLibvirtd;
  beforeAll(async () => void (daemon = await startLibvirtd(folder, kind)));
  afterAll(() => daemon.stop());

  it('tells the steps until the machine is off, keeps the console, and brings the disk', async () => {
    const lines: string[] = [];
    const progress: Progress = { ...silent, step: (text) => void lines.push(text), note: (text) => void lines.push(text) };
    const options = { ...optionsFor(daemon, 'write'), progress };
    const accelerator = await installOnHost(options);
    // how many of the percents before the last are seen is a matter of time
    expect(lines.filter((line) => !/: \d\d %$/.test(line))).toEqual([
      accelerator.why,
      'installer: Installing the base system',
      'Installing the base system: 100 %',
      `fetching the disk from ${daemon.host.connect}`,
    ]);
    expect(await readFile(options.consoleLog, 'utf8')).toMatch(/^\[ +0\.0+\] Linux version[^]*100%[^]*Power down\s*$/);
    const info = await run(command('qemu-img', ['info', '--output', 'json', options.disk.path]), { doing: 'test' });
    expect(JSON.parse(info.stdout)).toMatchObject({ format: 'qcow2', 'virtual-size': 2 ** 30 });
    const raw = join(folder, 'raw');
    await run(command('qemu-img', ['dd', '-O', 'raw', 'bs=512', 'count=1', `if=${options.disk.path}`, `of=${raw}`]), { doing: 'test' });
    expect((await readFile(raw)).subarray(0, 9).toString()).toBe('installed');
    expect(await left(daemon)).toEqual(['', []]);
  });

  it('ends with its signal, and leaves nothing', async () => {
    const controller = new AbortController();
    const running = installOnHost({ ...optionsFor(daemon, 'nothing'), signal: controller.signal });
    setTimeout(() => controller.abort(), 3000);
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' });
    expect(await left(daemon)).toEqual(['', []]);
  });
});

// only there is KVM hidden from libvirt, whatever this machine has
describe.each(kinds.filter((kind) => kind === 'system'))('%s without KVM', (kind) => {
  it('goes on in software where KVM was chosen', async () => {
    const daemon = await startLibvirtd(folder, kind);
    try {
      const warnings: string[] = [];
      const options = { ...optionsFor(daemon, 'install'), progress: { ...silent, warn: (text: string) => void warnings.push(text) } };
      expect(await installOnHost({ ...options, accelerator: { name: 'kvm', why: 'test' } })).toMatchObject({ name: 'tcg' });
      expect(warnings).toEqual([expect.stringMatching(/^KVM does not work on .* \(QEMU ended at once\); going on with the software/)]);
      expect(await left(daemon)).toEqual(['', []]);
    } finally {
      await daemon.stop();
    }
  });
});

describe('what goes wrong', () => {
  let daemon: TestLibvirtd;
  beforeAll(async () => void (daemon = await startLibvirtd(folder, kinds[0]!)));
  afterAll(() => daemon.stop());

  it('a question is told, and nothing is left', async () => {
    const options = optionsFor(daemon, 'ask');
    await expect(installOnHost(options)).rejects.toMatchObject({
      reason: 'invalid',
      message: 'the installer asks something that nobody answers',
      where: options.consoleLog,
      said: expect.stringMatching(/^Set up users and passwords\n-----\n\nRoot password:/),
    });
    expect(existsSync(options.disk.path)).toBe(false);
    expect(await left(daemon)).toEqual(['', []]);
  });

  it('a machine that does not start is told in the words of libvirt', async () => {
    const options = { ...optionsFor(daemon, 'nothing'), host: { ...daemon.host, network: 'lan' } };
    await expect(installOnHost(options)).rejects.toMatchObject({
      reason: 'not-found',
      message: expect.stringContaining('no network "lan"'),
    });
    expect(await left(daemon)).toEqual(['', []]);
  });

  it('of a killed build the machine goes at once, the rest with the next build; others stay', async () => {
    const { program, args, cwd } = nodeCall(holder, JSON.stringify({ ...optionsFor(daemon, 'nothing'), progress: undefined }));
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    await untilReady(child.stdout, 1);
    const killed = once(child, 'close');
    child.kill('SIGKILL');
    await killed;
    for (let tries = 0; tries < 100 && (await left(daemon))[0] !== ''; tries += 1) await sleep(100);
    const other = `${await machineName('other')}.qcow2`;
    await makeVolume(daemon.host, other, 2 ** 20, 'qcow2', {});
    const [machines, volumes] = await left(daemon);
    expect([machines, volumes.length]).toEqual(['', 4]);
    await removeLibvirtLeftovers(daemon.host, silent);
    expect(await left(daemon)).toEqual(['', [other]]);
    await removeVolume(daemon.host, other);
  });

  it('a host is looked at before anything is done', async () => {
    await expect(requireHost(daemon.host, 2 ** 20)).resolves.toBeUndefined();
    for (const [change, reason, message] of [
      [{ connect: 'qemu+unix:///system?socket=/nowhere' }, 'unreachable', 'no libvirt answers at qemu+unix:///system?socket=/nowhere'],
      [{ connect: 'qemu+ssh://127.0.0.1:1/system' }, 'unreachable', 'no libvirt answers at qemu+ssh://127.0.0.1:1/system'],
      [{ pool: 'none' }, 'not-found', 'has no storage pool "none"'],
      [{ network: 'lan' }, 'not-found', 'has no network "lan"'],
    ] as const) {
      const host = { ...daemon.host, ...change };
      await expect(requireHost(host, 0)).rejects.toMatchObject({ reason, message: expect.stringContaining(message) });
    }
    await expect(requireHost(daemon.host, 2 ** 60)).rejects.toMatchObject({ reason: 'no-space' });
  });

  it('by ssh it is the same', async () => {
    const sshd = await startSshd(folder);
    try {
      const { host, socket } = daemon;
      const remote = { ...host, connect: sshd.connect(new URL(host.connect).pathname, socket) };
      await requireHost(remote, 2 ** 20);
      const options = optionsFor(daemon, 'write');
      await rm(options.disk.path, { force: true });
      await installOnHost({ ...options, host: remote });
      expect(existsSync(options.disk.path)).toBe(true);
      expect(await left(daemon)).toEqual(['', []]);
      const stranger = { ...remote, connect: remote.connect.replace(/keyfile=[^&]*/, 'keyfile=%2Fdev%2Fnull') };
      await expect(requireHost(stranger, 0)).rejects.toMatchObject({
        reason: 'refused',
        message: expect.stringContaining('ssh is refused'),
      });
    } finally {
      await sshd.stop();
    }
  });

  it('a connection that breaks is told as that', async () => {
    const options = optionsFor(daemon, 'wait');
    const told = installOnHost(options).catch((error: unknown) => error);
    while (!(existsSync(options.consoleLog) && /Linux version/.test(await readFile(options.consoleLog, 'utf8')))) await sleep(100);
    await daemon.kill();
    expect(await told).toMatchObject({ reason: 'unreachable', message: expect.stringMatching(/^installing: no libvirt answers/) });
  });
});
