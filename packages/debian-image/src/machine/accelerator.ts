import { constants } from 'node:fs';
import { access, open, readFile } from 'node:fs/promises';
import { type MachineArchitectureName, machineArchitectures } from './architectures.ts';

/** What carries out the guest's instructions, and why that was chosen: a sentence for the progress. */
export interface Accelerator {
  readonly name: 'kvm' | 'tcg';
  readonly why: string;
}

/** What decides whether this machine can lend its processor to a guest. */
export interface HostFacts {
  /** Node's name of the processor: x64, arm64. */
  readonly architecture: string;
  /** The flags of its first processor (proc(5), cpuinfo); empty where there are none. */
  readonly flags: readonly string[];
  readonly kvm: 'opens' | 'denied' | 'missing';
}

/**
 * KVM where /dev/kvm opens and the processor can truly virtualise (vmx or svm on x86), else TCG. On hosts that are guests
 * themselves /dev/kvm may open and answer while every guest hangs or QEMU aborts: there the flags are missing.
 */
export function judgeAccelerator(guest: MachineArchitectureName, host: HostFacts): Accelerator {
  if (machineArchitectures[guest].host !== host.architecture) return tcg(`${guest} is not the architecture of this machine`);
  if (host.kvm === 'missing') return tcg('there is no /dev/kvm');
  if (host.kvm === 'denied') return tcg('/dev/kvm may not be opened; the group kvm may');
  if (host.architecture !== 'x64') return { name: 'kvm', why: 'KVM: /dev/kvm opens' };
  const flag = host.flags.find((name) => name === 'vmx' || name === 'svm');
  if (flag === undefined) return tcg('the processor shows neither vmx nor svm, so /dev/kvm is no proof');
  return { name: 'kvm', why: `KVM: /dev/kvm opens and the processor has ${flag}` };
}

const tcg = (why: string): Accelerator => ({ name: 'tcg', why: `software processor (TCG): ${why}` });

/** The same for this machine. */
export async function chooseAccelerator(guest: MachineArchitectureName): Promise<Accelerator> {
  return judgeAccelerator(guest, await readHostFacts());
}

async function readHostFacts(): Promise<HostFacts> {
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return {
    architecture: process.arch,
    flags: /^flags\s*: (.*)$/m.exec(cpuinfo)?.[1]?.split(' ') ?? [],
    kvm: await tryKvm(),
  };
}

async function tryKvm(): Promise<HostFacts['kvm']> {
  try {
    await access('/dev/kvm', constants.F_OK);
  } catch {
    return 'missing';
  }
  try {
    await (await open('/dev/kvm', 'r+')).close();
    return 'opens';
  } catch {
    return 'denied';
  }
}
