import { silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { installerSchema } from '../../../image/schema-installer.ts';
import type { Image } from '../../../image/index.ts';
import { runnerOf } from './runner.ts';

const runner = (source: object): ReturnType<typeof runnerOf> =>
  runnerOf({ name: 'old', install: { method: 'installer', installer: installerSchema.parse(source) } } as unknown as Image);
const mirror = 'http://localhost:3142/debian';

it('is QEMU here, whose guests reach the loopback of this machine', async () => {
  await runner({}).prepare(silent, AbortSignal.timeout(1000));
  expect(runner({}).seen(mirror)).toBe('http://10.0.2.2:3142/debian');
});

it('is a host of libvirt, with the network that its address allows', () => {
  expect(runner({ runner: { libvirt: { connect: 'qemu:///session' } } }).seen(mirror)).toBe('http://10.0.2.2:3142/debian');
  expect(() => runner({ runner: { libvirt: {} } }).seen(mirror)).toThrow('which a guest on qemu:///system cannot reach');
});
