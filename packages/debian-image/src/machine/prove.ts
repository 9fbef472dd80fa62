import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type Progress } from '@nx-debian-image/report';
import type { FileSystemTools } from '../disk/tools.ts';
import type { Accelerator } from './accelerator.ts';
import type { MachineArchitectureName } from './architectures.ts';
import type { Machine } from './guest.ts';
import { type Check, type Expectation, questions, settling } from './guest-checks.ts';
import { startMachine } from './machine.ts';
import { hostFileSystemTools, listInside, prepareRoot, readInside } from './prepare.ts';
import { makeKeyPair } from './ssh.ts';

/** What an instance gets, in bytes and processors. */
export interface Flavour {
  readonly memory: number;
  readonly processors: number;
  readonly disk: number;
}

export interface TripletProof {
  /** Paths of the three files; none is changed. */
  readonly kernel: string;
  readonly ramdisk: string;
  readonly root: string;
  readonly architecture: MachineArchitectureName;
  readonly release?: string;
  readonly flavour: Flavour;
  /** Who grows the root file system; see `prepareRoot`. */
  readonly growth: 'host' | 'guest';
  readonly expect: Omit<Expectation, 'disk'>;
  /** A folder for a while, with room for the flavour's disk (sparse). What is made in it is removed. */
  readonly scratch: string;
  /** Where the console log is kept afterwards. */
  readonly consoleLog: string;
  readonly progress: Progress;
  readonly tools?: FileSystemTools;
  readonly accelerator?: Accelerator;
  readonly signal?: AbortSignal;
  /** For the way to the login prompt, and again for ssh; 300 where not given. The other limits grow with it. */
  readonly limitSeconds?: number;
}

const usualLimit = 300;
/** Where the limit is the usual one. */
const powerOffSeconds = 60;
const settleSeconds = 150;
const askSeconds = 120;
const silenceSeconds = 120;

/** How many times slower than usual a guest may be. */
function patience({ limitSeconds = usualLimit }: TripletProof): number {
  return Math.max(1, limitSeconds / usualLimit);
}

/**
 * Starts kernel, ramdisk and root file system as Nova would and gives what was measured, in order. A guest that does not boot or
 * answer is a check that is not ok, with the rest left out; a Failure comes only from this machine (no QEMU, no space, cancelled).
 */
export async function proveTriplet(proof: TripletProof): Promise<Check[]> {
  const { flavour, progress, signal, tools = hostFileSystemTools } = proof;
  const scratch = await mkdtemp(join(proof.scratch, 'proof-'));
  const stoppable = signal ? { signal } : {};
  let machine: Machine | undefined;
  const checks: Check[] = [];
  const tell = (check: Check): void => {
    checks.push(check);
    progress.note(`${check.ok ? 'ok' : 'NOT OK'}  ${check.name}: ${check.value}`);
  };
  try {
    progress.step('starting the image as Nova would');
    for (const check of await pristine(tools, proof.root)) tell(check);
    const key = await makeKeyPair(scratch, signal);
    const root = join(scratch, 'root.ext4');
    const { growth } = proof;
    await prepareRoot({ source: proof.root, target: root, size: flavour.disk, growth, publicKey: key.publicKey, tools, ...stoppable });
    machine = await startMachine({
      architecture: proof.architecture,
      ...(proof.release === undefined ? {} : { release: proof.release }),
      ...(proof.accelerator ? { accelerator: proof.accelerator } : {}),
      ...stoppable,
      memory: flavour.memory,
      processors: flavour.processors,
      kernel: proof.kernel,
      ramdisk: proof.ramdisk,
      disks: [{ path: root, format: 'raw' }],
      consoleLog: join(scratch, 'console.log'),
      privateKey: key.privateKey,
      silenceSeconds: silenceSeconds * patience(proof),
      progress,
    });
    await interview(machine, proof, tell);
    return checks;
  } finally {
    await machine?.stop();
    await copyFile(join(scratch, 'console.log'), proof.consoleLog).catch(() => {});
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What must not be in an image, or all its instances would share it. */
async function pristine(tools: FileSystemTools, root: string): Promise<Check[]> {
  const keys = (await listInside(tools, root, '/etc/ssh')).filter((name) => /^ssh_host_.*_key/.test(name));
  const id = (await readInside(tools, root, '/etc/machine-id')).trim();
  return [
    { name: 'no host keys in the image', ok: keys.length === 0, value: keys.join(' ') || 'none' },
    { name: 'no machine-id in the image', ok: id === '' || id === 'uninitialized', value: id || 'none' },
  ];
}

async function interview(machine: Machine, proof: TripletProof, tell: (check: Check) => void): Promise<void> {
  const limit = proof.limitSeconds ?? usualLimit;
  const offSeconds = powerOffSeconds * patience(proof);
  const timed = async (name: string, wait: () => Promise<number>): Promise<boolean> => {
    const check = await wait().then((seconds) => ({ name, ok: true, value: `${seconds.toFixed(1)} s` }), refusal(name));
    tell(check);
    return check.ok;
  };
  if (!(await timed('login prompt', () => machine.untilLogin(limit)))) return;
  if (!(await timed('ssh with the injected key', () => machine.untilSsh(limit)))) return;
  tell(
    await machine
      .ssh(settling.line, settleSeconds * patience(proof))
      .then(({ stdout }) => ({ name: settling.name, ...settling.judge(stdout) }), refusal(settling.name)),
  );
  for (const { name, line, judge } of questions({ ...proof.expect, disk: proof.flavour.disk })) {
    tell(await machine.ssh(line, askSeconds * patience(proof)).then(({ stdout }) => ({ name, ...judge(stdout) }), refusal(name)));
  }
  if (await timed('power off by its button', () => machine.powerOff(offSeconds))) return;
  // Whether only the button is deaf: ssh breaks off as the guest goes, so its own status says nothing.
  await machine.ssh('poweroff', offSeconds).catch(refusal('poweroff'));
  await timed('power off by command', () => secondsOf(() => endsWithin(machine, offSeconds)));
}

async function endsWithin(machine: Machine, limitSeconds: number): Promise<void> {
  const late = sleep(limitSeconds * 1000, 'late', { ref: false });
  if ((await Promise.race([machine.ended, late])) === 'late') {
    throw new Failure('timeout', `the guest did not power off within ${limitSeconds} s`);
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begin = Date.now();
  await work();
  return (Date.now() - begin) / 1000;
}

/** A guest's failure as a check that is not ok; one of this machine stays thrown. */
function refusal(name: string): (error: unknown) => Check {
  return (error) => {
    if (!(error instanceof Failure) || !['command-failed', 'timeout', 'unreachable'].includes(error.reason)) throw error;
    return { name, ok: false, value: [error.message, error.said].filter(Boolean).join('\n') };
  };
}
