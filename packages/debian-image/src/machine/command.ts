import type { ReleaseName } from '../debian/names.ts';
import { consolesFor } from '../debian/serial-console.ts';
import { chainName } from '../disk/chain.ts';
import { type Command, command } from '../host/index.ts';
import { type MachineArchitecture, type MachineArchitectureName, machineArchitectures, machineType } from './architectures.ts';
import type { Firmware, FlashImage } from './firmware.ts';

/** A disk of the guest, in their order /dev/vda, /dev/vdb, ... */
export interface MachineDisk {
  readonly path: string;
  readonly format: 'raw' | 'qcow2';
  /** The file stays as it is; what the guest writes is forgotten with the machine. */
  readonly snapshot?: boolean;
  /** The qcow2 files that a qcow2 lies upon, the lowest first; they stay as they are. */
  readonly upon?: readonly string[];
  readonly readOnly?: boolean;
}

/** A port of 127.0.0.1 that leads to one of the guest; 0 is a free one, which the system picks and QMP tells. */
export interface Forward {
  readonly host: number;
  readonly guest: number;
}

/** Where a guest's screen is seen: in a window, which needs the variables of a desktop, or by a VNC client on 127.0.0.1. */
export type Display = { readonly kind: 'window'; readonly environment: Readonly<Record<string, string>> } | { readonly kind: 'vnc' };

/** What a machine is made of. Without a kernel it boots from its first disk. */
export interface MachineParts {
  readonly architecture: MachineArchitectureName;
  /** Of Debian, where known: old ones get an older machine type. */
  readonly release?: ReleaseName;
  /** Bytes. */
  readonly memory: number;
  readonly processors: number;
  readonly disks: readonly MachineDisk[];
  readonly kernel?: string;
  readonly ramdisk?: string;
  /** The kernel's command line; Nova's own where not given. */
  readonly commandLine?: string;
  /** What starts it; a PC's BIOS where not given. */
  readonly firmware?: Firmware | undefined;
  /** One card on QEMU's user network; on where not given. */
  readonly network?: boolean;
  /** Room for a disk that is plugged in while the machine runs: see `hotplugBus`. */
  readonly hotplug?: boolean;
  /** What leads to the guest; to its port 22 from a free port where not given. */
  readonly forwards?: readonly Forward[];
  /** A screen and a keyboard beside the serial console. */
  readonly display?: Display | undefined;
  /** What the guest's clock begins at; now where not given. */
  readonly clock?: Date | undefined;
  /** Restart the guest where it asks for that; otherwise the machine ends. */
  readonly reboot?: boolean;
}

/** The command line that Nova gives to an image with a kernel of its own. No `rw`: the image needs `/` in its fstab. */
export function commandLineFor(architecture: MachineArchitectureName): string {
  return `root=/dev/vda ${consolesFor(architecture)}`;
}

/** The file descriptor by which QEMU and this process speak QMP: an inherited socket, so there is no path and no other client. */
const qmpDescriptor = 3;

/**
 * The call of QEMU: console on standard input and output, QMP on descriptor 3, virtio for all else. `setpriv` has the kernel end
 * the machine with the process that started it, however that one dies (prctl(2), PR_SET_PDEATHSIG).
 */
export function machineCommand(parts: MachineParts, accelerator: 'kvm' | 'tcg'): Command {
  const architecture: MachineArchitecture = machineArchitectures[parts.architecture];
  const words = [
    `--pdeathsig KILL -- ${architecture.program} -nodefaults -no-user-config -display ${parts.display?.kind === 'window' ? 'gtk' : 'none'}`,
    parts.reboot ? '' : '-no-reboot',
    `-machine ${machineType(parts.architecture, parts.release)}${parts.firmware?.managed ? ',smm=on' : ''} ${acceleration(accelerator, architecture)}`,
    `-m ${Math.floor(parts.memory / 2 ** 20)}M -smp ${parts.processors}`,
    '-chardev stdio,id=console,signal=off -serial chardev:console',
    `-chardev socket,id=qmp,fd=${qmpDescriptor} -mon chardev=qmp,mode=control`,
    parts.clock === undefined ? '' : `-rtc base=${parts.clock.toISOString().slice(0, 19)}`,
    '-device virtio-rng-pci -device virtio-balloon-pci',
    parts.network === false ? '' : network(parts.forwards),
    parts.hotplug && hotplugBus(parts) !== undefined ? `-device pcie-root-port,id=${portName},chassis=1` : '',
    parts.display === undefined ? '' : screen(parts.display, architecture, parts.firmware !== undefined),
  ];
  const fixed = words.flatMap((line) => line.split(' ')).filter((word) => word !== '');
  return command('setpriv', [...fixed, ...flash(parts.firmware), ...disks(parts), ...boot(parts)], environmentOf(parts));
}

const portName = 'plug';

/**
 * The bus that a device is plugged into while the machine runs; undefined for the machine's only one. PCI Express takes none on its root bus
 * (docs/pcie.txt of QEMU), so there is a root port for it.
 */
export function hotplugBus({ architecture, release }: Pick<MachineParts, 'architecture' | 'release'>): string | undefined {
  return ['q35', 'virt'].includes(machineType(architecture, release)) ? portName : undefined;
}

// Host port 0: the system picks a free one, which QMP tells; a port picked here could be taken by somebody else meanwhile.
const usualForwards: readonly Forward[] = [{ host: 0, guest: 22 }];

function network(forwards = usualForwards): string {
  const rules = forwards.map(({ host, guest }) => `,hostfwd=tcp:127.0.0.1:${host}-:${guest}`);
  return `-netdev user,id=network${rules.join('')} -device virtio-net-pci,netdev=network`;
}

/**
 * The first free of the screens that VNC counts from port 5900 on. PCs have a keyboard already. Elsewhere UEFI leaves a kernel a plain framebuffer,
 * for Debian's cloud kernels have no driver of a card.
 */
function screen({ kind }: Display, { host }: MachineArchitecture, byUefi: boolean): string {
  const devices = host === 'x64' ? '-device VGA' : `-device ${byUefi ? 'ramfb' : 'virtio-gpu-pci'} -device virtio-keyboard-pci`;
  return kind === 'vnc' ? `-vnc 127.0.0.1:0,to=99 ${devices}` : devices;
}

function environmentOf({ display }: MachineParts): Pick<Command, 'env'> {
  return display?.kind === 'window' ? { env: display.environment } : {};
}

function acceleration(name: 'kvm' | 'tcg', architecture: MachineArchitecture): string {
  if (name === 'kvm') return '-accel kvm -cpu host';
  // A translation cache of 512 MiB: the default of 7.2 is thrown away several times in one boot.
  return `-accel tcg,thread=multi,tb-size=512 -cpu ${architecture.softwareProcessor}`;
}

function flash(firmware: Firmware | undefined): string[] {
  if (firmware === undefined) return [];
  const chip = ({ path, format }: FlashImage, unit: number, more: string): string[] => [
    '-drive',
    `if=pflash,unit=${unit},format=${format}${more},file=${escaped(path)}`,
  ];
  const managed = firmware.managed ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : [];
  return [...managed, ...chip(firmware.program, 0, ',readonly=on'), ...chip(firmware.variables, 1, '')];
}

/** Where there is no kernel beside them the first is what the firmware starts, before it asks the network. */
function disks({ disks: all, kernel }: MachineParts): string[] {
  return all.flatMap((one, index) => disk(one, index, kernel === undefined && index === 0 ? ',bootindex=0' : ''));
}

function disk({ path, format, snapshot, upon, readOnly }: MachineDisk, index: number, first: string): string[] {
  // The name of a chain says its formats itself.
  const kind = upon === undefined ? `,format=${format}` : '';
  const file = escaped(upon === undefined ? path : chainName([...upon, path]));
  const drive = `if=none,id=disk${index}${kind},cache=unsafe,snapshot=${snapshot ? 'on' : 'off'}${readOnly ? ',readonly=on' : ''},file=${file}`;
  return ['-drive', drive, '-device', `virtio-blk-pci,drive=disk${index}${first}`];
}

/** QEMU splits options at commas; two of them stand for one (qemu(1), -drive file). */
const escaped = (path: string): string => path.replaceAll(',', ',,');

function boot({ architecture, kernel, ramdisk, commandLine }: MachineParts): string[] {
  if (kernel === undefined) return [];
  const line = commandLine ?? commandLineFor(architecture);
  return ['-kernel', kernel, ...(ramdisk === undefined ? [] : ['-initrd', ramdisk]), '-append', line];
}
