import { expect, it } from 'vitest';
import { printable } from '../../../host/index.ts';
import { factsOf, imageOf } from '../testing/image.ts';
import { deltaCommand, diskMachine, filesCommand, planDiskScript, rawCommand, rootDevice } from './plan.ts';

const facts = { ...factsOf('bookworm'), disk: { rootUuid: '0-1' } };

it('runs the steps of a tree, and those that an installer makes necessary', () => {
  const image = imageOf({ release: 'bookworm', install: { method: 'installer' }, network: 'none', scripts: ['a.sh'] });
  expect(planDiskScript(image, facts, []).steps.map(({ name }) => name)).toEqual([
    'put-aside',
    'installer',
    'locales',
    'timezone',
    'hostname',
    'fstab',
    'console',
    'grow-root',
    'ssh-host-keys',
    'initramfs',
    'boot-loader',
    'cleanup',
    'watch',
    'script-1',
    'initramfs',
    'cleanup',
  ]);
});

it('makes disks by commands', () => {
  expect(printable(rawCommand('/a', '/b'))).toBe(
    `qemu-img convert -O raw 'json:{"driver":"qcow2","file":{"driver":"file","filename":"/a"},"backing":null}' /b`,
  );
  expect(printable(deltaCommand('/a', 1024))).toBe('qemu-img create -q -f qcow2 /a 1024');
  expect(printable(filesCommand('/a', '/b'))).toBe(
    'tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --file /b --directory /a .',
  );
  expect([rootDevice(0), rootDevice(1)]).toEqual(['vda', 'vda1']);
});

const parts = {
  disk: '/disk',
  changes: '/changes',
  files: '/files',
  fileBytes: 1024,
  kernel: '/vmlinuz',
  ramdisk: '/initrd',
  processors: 2,
  epoch: 1_600_000_000,
};

it('boots the kernel of the system into the script, without network', () => {
  expect(diskMachine(imageOf({ release: 'bookworm', install: { method: 'installer' } }), parts)).toEqual({
    architecture: 'amd64',
    release: 'bookworm',
    memory: 2 ** 30 + 1024,
    processors: 2,
    disks: [
      { path: '/changes', format: 'qcow2', upon: ['/disk'] },
      { path: '/files', format: 'raw', readOnly: true },
    ],
    kernel: '/vmlinuz',
    ramdisk: '/initrd',
    commandLine: 'rdinit=/in-the-system console=ttyS0 panic=1',
    network: false,
    clock: new Date('2020-09-13T12:26:40Z'),
  });
});

it('says for which architectures there is a machine', () => {
  expect(() => diskMachine({ arch: 's390x', release: 'bookworm' }, parts)).toThrow(
    expect.objectContaining({ reason: 'invalid', message: 'no virtual machine for s390x is known here' }) as Error,
  );
});
