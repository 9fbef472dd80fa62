import type { ReleaseName } from '../../debian/names.ts';
import { type MachineArchitecture, type MachineArchitectureName, machineArchitectures, machineType } from '../architectures.ts';
import { userNetwork } from './host.ts';

/** What a machine of a host is made of; paths are the host's. */
export interface DomainParts {
  readonly name: string;
  readonly architecture: MachineArchitectureName;
  readonly release?: ReleaseName;
  readonly accelerator: 'kvm' | 'tcg';
  /** Bytes. */
  readonly memory: number;
  readonly processors: number;
  /** A qcow2 disk. */
  readonly disk: string;
  readonly kernel: string;
  readonly ramdisk: string;
  readonly commandLine: string;
  readonly network: string;
  /** Seconds from the host's clock to the guest's. */
  readonly clockOffset: number;
}

/** libvirt's names of architectures, where they are not Debian's. */
const libvirtArchitectures: Partial<Record<MachineArchitectureName, string>> = { amd64: 'x86_64', i386: 'i686', arm64: 'aarch64' };

export const libvirtArchitecture = (name: MachineArchitectureName): string => libvirtArchitectures[name] ?? name;

/** The domain XML of a machine like that of `machineCommand`: all virtio, a serial console, no graphics; it is gone where the guest turns itself off. */
export function domainXml(parts: DomainParts): string {
  const { architecture, release } = parts;
  return `<domain type='${parts.accelerator === 'kvm' ? 'kvm' : 'qemu'}'>
  <name>${escape(parts.name)}</name>
  <memory unit='b'>${parts.memory}</memory>
  <vcpu>${parts.processors}</vcpu>
  <os>
    <type arch='${libvirtArchitecture(architecture)}' machine='${machineType(architecture, release)}'>hvm</type>
    <kernel>${escape(parts.kernel)}</kernel>
    <initrd>${escape(parts.ramdisk)}</initrd>
    <cmdline>${escape(parts.commandLine)}</cmdline>
  </os>
  <features><acpi/><apic/>${parts.accelerator === 'kvm' ? '' : translationCache}</features>
  ${processor(parts)}
  <clock offset='variable' adjustment='${parts.clockOffset}' basis='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='unsafe'/>
      <source file='${escape(parts.disk)}'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface ${networkOf(parts.network)}<model type='virtio'/></interface>
    <serial type='pty'><target port='0'/></serial>
    <console type='pty'><target type='serial' port='0'/></console>
    <memballoon model='virtio'/>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  </devices>
</domain>
`;
}

/** As for QEMU here: the default is thrown away several times in one boot. Before libvirt 8.0 it is passed over. */
const translationCache = `<tcg><tb-cache unit='MiB'>512</tb-cache></tcg>`;

function processor({ architecture, accelerator }: DomainParts): string {
  if (accelerator === 'kvm') return `<cpu mode='host-passthrough'/>`;
  const { softwareProcessor }: MachineArchitecture = machineArchitectures[architecture];
  const without = [...softwareProcessor.matchAll(/(\w+)=off/g)].map(([, name]) => `<feature policy='disable' name='${name}'/>`);
  return `<cpu mode='maximum'>${without.join('')}</cpu>`;
}

function networkOf(name: string): string {
  return name === userNetwork ? `type='user'>` : `type='network'><source network='${escape(name)}'/>`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
