import { expect, it } from 'vitest';
import { printable } from '../host/index.ts';
import { machineCommand, type MachineParts } from './command.ts';

const triplet: MachineParts = {
  architecture: 'amd64',
  memory: 2 ** 30,
  processors: 2,
  disks: [{ path: '/images/root,1.ext4', format: 'raw' }],
  kernel: '/images/vmlinuz',
  ramdisk: '/images/initrd',
};

it('boots a triplet as Nova does', () => {
  expect(printable(machineCommand(triplet, 'tcg'))).toBe(
    [
      'setpriv --pdeathsig KILL -- qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot',
      '-machine q35 -accel tcg,thread=multi,tb-size=512 -cpu max,la57=off,svm=off -m 1024M -smp 2',
      '-chardev stdio,id=console,signal=off -serial chardev:console -chardev socket,id=qmp,fd=3 -mon chardev=qmp,mode=control',
      '-device virtio-rng-pci -device virtio-balloon-pci',
      '-netdev user,id=network,hostfwd=tcp:127.0.0.1:0-:22 -device virtio-net-pci,netdev=network',
      '-drive if=none,id=disk0,format=raw,cache=unsafe,snapshot=off,file=/images/root,,1.ext4 -device virtio-blk-pci,drive=disk0',
      "-kernel /images/vmlinuz -initrd /images/initrd -append 'root=/dev/vda console=tty0 console=ttyS0 console=hvc0'",
    ].join(' '),
  );
});

const chip = (path: string) => ({ path, format: 'raw' as const });

it.each<[string, Partial<MachineParts>, 'kvm' | 'tcg', string]>([
  ['lends the processor under KVM', {}, 'kvm', '-accel kvm -cpu host'],
  ['gives old releases the old machine', { release: 'wheezy' }, 'tcg', '-machine pc'],
  [
    'keeps the file where asked',
    { disks: [{ path: 'a', format: 'qcow2', snapshot: true }] },
    'tcg',
    'format=qcow2,cache=unsafe,snapshot=on',
  ],
  [
    'names the serial port of another architecture too',
    { architecture: 'arm64' },
    'tcg',
    "-append 'root=/dev/vda console=ttyAMA0 console=tty0",
  ],
  [
    'says itself what a qcow2 lies upon',
    { disks: [{ path: 'b', format: 'qcow2', upon: ['a,b'] }] },
    'tcg',
    'file=json:{"driver":"qcow2",,"file":{"driver":"file",,"filename":"b"},,"backing":{"driver":"qcow2",,"file":{"driver":"file",,"filename":"a,,b"},,"backing":null}}',
  ],
  ['lets nothing be written', { disks: [{ path: 'a', format: 'raw', readOnly: true }] }, 'tcg', 'snapshot=off,readonly=on,file=a'],
  ['has room for a disk that is plugged in', { hotplug: true }, 'tcg', '-device pcie-root-port,id=plug,chassis=1'],
  ['sets the clock', { clock: new Date(1_600_000_000_000) }, 'tcg', '-rtc base=2020-09-13T12:26:40 '],
  [
    'forwards ports',
    {
      forwards: [
        { host: 2222, guest: 22 },
        { host: 8080, guest: 80 },
      ],
    },
    'tcg',
    'user,id=network,hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=tcp:127.0.0.1:8080-:80 ',
  ],
  ['has a screen for VNC', { display: { kind: 'vnc' } }, 'tcg', ' -vnc 127.0.0.1:0,to=99 -device VGA '],
  [
    'has a screen on arm64, which needs a driver',
    { architecture: 'arm64', display: { kind: 'vnc' } },
    'tcg',
    ' -device virtio-gpu-pci -device virtio-keyboard-pci ',
  ],
  [
    'has one on arm64 that UEFI has set up',
    { architecture: 'arm64', display: { kind: 'vnc' }, firmware: { program: chip('/f'), variables: chip('/v'), managed: false } },
    'tcg',
    ' -device ramfb -device virtio-keyboard-pci ',
  ],
  ['has a screen in a window', { display: { kind: 'window', environment: { DISPLAY: ':0' } } }, 'tcg', 'DISPLAY=:0 setpriv '],
  ['takes another command line', { commandLine: 'quiet' }, 'tcg', '-append quiet'],
])('%s', (_, change, accelerator, words) => {
  expect(printable(machineCommand({ ...triplet, ...change }, accelerator))).toContain(words);
});

it('boots a disk by UEFI with Secure Boot, its variables in a chip that only the firmware may write', () => {
  const { kernel: _kernel, ramdisk: _ramdisk, ...bare } = triplet;
  const firmware = { program: chip('/f/code,4M'), variables: chip('/tmp/variables'), managed: true };
  const line = printable(machineCommand({ ...bare, firmware }, 'tcg'));
  expect(line).toContain(' -machine q35,smm=on -accel ');
  expect(line).toContain(
    [
      ' -global driver=cfi.pflash01,property=secure,value=on -drive if=pflash,unit=0,format=raw,readonly=on,file=/f/code,,4M',
      '-drive if=pflash,unit=1,format=raw,file=/tmp/variables -drive if=none,id=disk0,format=raw',
    ].join(' '),
  );
  expect(line.endsWith(' -device virtio-blk-pci,drive=disk0,bootindex=0')).toBe(true);
  const plain = printable(machineCommand({ ...bare, firmware: { ...firmware, managed: false } }, 'tcg'));
  for (const word of ['smm', 'cfi']) expect(plain).not.toContain(word);
});

it('leaves out what is not wanted', () => {
  const { kernel: _kernel, ramdisk: _ramdisk, ...bare } = triplet;
  const line = printable(machineCommand({ ...bare, network: false, reboot: true }, 'tcg'));
  for (const word of ['-kernel', '-append', '-netdev', '-no-reboot']) expect(line).not.toContain(word);
});
