import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Progress, silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Machine, MachineOptions } from './guest.ts';
import { startMachine } from './machine.ts';
import { makeTinyGuest, type TinyGuest } from './testing/tiny-guest.ts';

let folder: string;
let guest: TinyGuest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-test-'));
  guest = await makeTinyGuest(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(does: string, more: Partial<MachineOptions> = {}): Promise<Machine> {
  const machine = await startMachine({
    architecture: 'amd64',
    accelerator: { name: 'tcg', why: 'the same on every host' },
    memory: 256 * 2 ** 20,
    processors: 1,
    disks: [],
    ...guest,
    commandLine: `console=ttyS0 does=${does}`,
    network: false,
    consoleLog: join(folder, `${does}.log`),
    progress: silent,
    ...more,
  });
  onTestFinished(() => machine.stop());
  return machine;
}

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50 && alive(pid); tries += 1) await sleep(100);
  return !alive(pid);
}

it('sees the login prompt, types, and keeps what was said', async () => {
  const machine = await start('login');
  expect(await machine.untilLogin(60)).toBeGreaterThan(0);
  expect(await machine.qmp.status()).toBe('running');
  machine.type('hello\n');
  expect(await machine.ended).toMatchObject({ status: 0 });
  await machine.stop();
  expect(await readFile(machine.consoleLog, 'utf8')).toMatch(/Linux version[^]*tiny login: [^]*heard hello/);
  expect(alive(machine.pid)).toBe(false);
});

it.each([
  ['panic', 'command-failed', /panicked/, /Kernel panic/],
  ['shell', 'command-failed', /initramfs/, /\(initramfs\)/],
  ['nothing', 'timeout', /silent for/, /Run \/init/],
  ['reboot', 'command-failed', /again and again/, /./],
])('sees %s', async (does, reason, message, said) => {
  const machine = await start(does, { silenceSeconds: 8, reboot: true });
  await expect(machine.untilLogin(60)).rejects.toMatchObject({ reason, message, said, where: machine.consoleLog });
  await machine.stop();
  expect(alive(machine.pid)).toBe(false);
});

it('says so where nobody listens to the power button, and forwards a port of its own', async () => {
  const machine = await start('login', { network: true });
  const other = await start('login', { network: true, consoleLog: join(folder, 'other.log') });
  const ports = [await machine.qmp.forwardedPort(), await other.qmp.forwardedPort()];
  expect(new Set(ports).size).toBe(2);
  await expect(machine.powerOff(1)).rejects.toMatchObject({ reason: 'timeout', hint: /power button/ });
});

it('ends with its signal', async () => {
  const controller = new AbortController();
  const machine = await start('nothing', { signal: controller.signal });
  const waiting = machine.untilLogin(60);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ reason: 'cancelled' });
  expect(await gone(machine.pid)).toBe(true);
});

it('ends with its process, killed with -9', async () => {
  const script = fileURLToPath(new URL('testing/hold-machine.ts', import.meta.url));
  const typescript = ['--conditions', '@nx-debian-image/source', '--import', '@swc-node/register/esm-register'];
  const holder = spawn(process.execPath, [...typescript, script, guest.kernel, guest.ramdisk, join(folder, 'held.log')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void holder.kill('SIGKILL'));
  const [line] = (await once(holder.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(alive(pid)).toBe(true);
  holder.kill('SIGKILL');
  expect(await gone(pid)).toBe(true);
});

/** Puts a program in the place of QEMU that does `underKvm` where KVM is asked for, and is QEMU elsewhere. */
async function fakeQemu(name: string, underKvm: string): Promise<void> {
  const bin = join(folder, name);
  await mkdir(bin);
  const script = `#!/bin/sh\ncase "$*" in *'-accel kvm'*) ${underKvm} ;; esac\nexec /usr/bin/qemu-system-x86_64 "$@"\n`;
  await writeFile(join(bin, 'qemu-system-x86_64'), script, { mode: 0o755 });
  const before = process.env['PATH'];
  process.env['PATH'] = `${bin}:${before}`;
  onTestFinished(() => void (process.env['PATH'] = before));
}

it.each([
  ['aborts', 'exit 134', /QEMU ended at once/],
  [
    'hangs',
    'exec /usr/bin/qemu-system-x86_64 -S -machine none -nodefaults -display none -chardev socket,id=qmp,fd=3 -mon chardev=qmp,mode=control',
    /said nothing within 2 s/,
  ],
])('goes on without KVM where it %s', async (name, underKvm, why) => {
  await fakeQemu(name, underKvm);
  const warnings: string[] = [];
  const progress: Progress = { ...silent, warn: (text) => void warnings.push(text) };
  const machine = await start('login', { accelerator: { name: 'kvm', why: 'test' }, firstWordSeconds: 2, progress });
  expect(machine.accelerator).toMatchObject({ name: 'tcg', why });
  expect(warnings).toEqual([expect.stringMatching(why)]);
  await machine.untilLogin(60);
});

it('says so where every port is taken', async () => {
  await fakeQemu('without-ports', 'echo "Could not set up host forwarding rule \'tcp:127.0.0.1:0-:22\'" >&2; exit 1');
  await expect(start('login', { accelerator: { name: 'kvm', why: 'test' } })).rejects.toMatchObject({ reason: 'busy', hint: /ss -ltn/ });
});

it('names the package of a QEMU that is not there', async () => {
  await expect(start('login', { architecture: 'riscv64' })).rejects.toMatchObject({
    reason: 'missing-tool',
    hint: 'Install the package qemu-system-misc.',
  });
});
