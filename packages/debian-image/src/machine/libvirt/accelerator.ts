import type { ReleaseName } from '../../debian/names.ts';
import type { Accelerator } from '../accelerator.ts';
import { type MachineArchitectureName, machineType } from '../architectures.ts';
import { libvirtArchitecture } from './domain.ts';
import { type LibvirtHost, virsh } from './host.ts';

/** What decides whether a host can lend its processor to a guest. */
export interface LibvirtFacts {
  readonly connect: string;
  /** The best kind of domain that it offers for the guest (domcapabilities). */
  readonly domain: string;
  /** libvirt's name of the processor: x86_64, aarch64. */
  readonly architecture: string;
  /** The features of its processor, all of them (cpu-baseline --features); empty where there was no need to ask. */
  readonly features: readonly string[];
}

/** KVM where the host offers it and its processor can truly virtualise, else TCG: what `judgeAccelerator` says of this machine. */
export function judgeLibvirtAccelerator({ connect, domain, architecture, features }: LibvirtFacts): Accelerator {
  if (domain !== 'kvm') return tcg(`${connect} offers no KVM for this architecture`);
  if (architecture !== 'x86_64') return { name: 'kvm', why: `KVM: ${connect} offers it` };
  const feature = features.find((name) => name === 'vmx' || name === 'svm');
  if (feature === undefined) return tcg(`the processor of ${connect} shows neither vmx nor svm, so that it offers KVM is no proof`);
  return { name: 'kvm', why: `KVM: ${connect} offers it and its processor has ${feature}` };
}

const tcg = (why: string): Accelerator => ({ name: 'tcg', why: `software processor (TCG): ${why}` });

/** The same, asked of the host. */
export async function chooseLibvirtAccelerator(
  host: LibvirtHost,
  guest: { readonly architecture: MachineArchitectureName; readonly release?: ReleaseName },
  signal?: AbortSignal,
): Promise<Accelerator> {
  const options = { doing: 'asking what carries out a guest', ...(signal === undefined ? {} : { signal }) };
  const machine = ['--arch', libvirtArchitecture(guest.architecture), '--machine', machineType(guest.architecture, guest.release)];
  const domain = /<domain>(\w+)</.exec(await virsh(host, ['domcapabilities', ...machine], options))?.[1] ?? '';
  if (domain !== 'kvm') return judgeLibvirtAccelerator({ connect: host.connect, domain, architecture: '', features: [] });
  const capabilities = await virsh(host, ['capabilities'], options);
  const architecture = /<cpu>\s*<arch>(\w+)</.exec(capabilities)?.[1] ?? '';
  // the capabilities name a model and what is beyond it; this spells the model out
  const whole = await virsh(host, ['cpu-baseline', '--features', '/dev/stdin'], { ...options, input: capabilities });
  const features = [...whole.matchAll(/<feature policy='require' name='([^']+)'/g)].map(([, name]) => name!);
  return judgeLibvirtAccelerator({ connect: host.connect, domain, architecture, features });
}
