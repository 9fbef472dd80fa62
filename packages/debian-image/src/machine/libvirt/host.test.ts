import { expect, it } from 'vitest';
import { type LibvirtHost, isThisMachine, usualNetwork, virshCommand } from './host.ts';
import { seenByLibvirtGuest } from './reach.ts';
import { requirePool } from './require.ts';

const at = (connect: string, network = 'default'): LibvirtHost => ({ connect, pool: 'default', network });

it.each([
  ['qemu:///system', 'default', true],
  ['qemu:///session', 'user', true],
  ['qemu+unix:///session?socket=/run/x', 'user', true],
  ['qemu+ssh://me@host:2222/system', 'default', false],
  ['qemu+ssh://host/session', 'user', false],
])('%s: its usual network, and whether it is this machine', (connect, network, here) => {
  expect([usualNetwork(connect), isThisMachine(at(connect))]).toEqual([network, here]);
});

it.each([
  ['qemu:///system', 'qemu:///system'],
  ['qemu+unix:///system?socket=/tmp/a', 'qemu+unix:///system?socket=/tmp/a'],
  ['qemu+ssh://me@host/system', 'qemu+ssh://me@host/system?no_tty=1'],
  ['qemu+libssh2://host/system?keyfile=/k', 'qemu+libssh2://host/system?keyfile=%2Fk&no_tty=1'],
  ['qemu+ssh://host/system?no_tty=0', 'qemu+ssh://host/system?no_tty=0'],
])('%s is asked without questions on a terminal', (connect, uri) => {
  expect(virshCommand(at(connect), ['list'], { SSH_AUTH_SOCK: '/agent', SECRET: 'x' })).toEqual({
    program: 'virsh',
    args: ['-c', uri, 'list'],
    env: { SSH_AUTH_SOCK: '/agent' },
  });
});

it('knows which addresses a guest reaches', () => {
  const mirror = 'http://127.0.0.1:3142/debian';
  expect(seenByLibvirtGuest(at('qemu:///session', 'user'), mirror)).toBe('http://10.0.2.2:3142/debian');
  expect(seenByLibvirtGuest(at('qemu+ssh://host/system'), 'http://mirror.example.org/debian')).toBe('http://mirror.example.org/debian');
  for (const host of [at('qemu:///system'), at('qemu+ssh://host/session', 'user')]) {
    expect(() => seenByLibvirtGuest(host, mirror)).toThrow(`${mirror} is this machine's loopback, which a guest on ${host.connect}`);
  }
});

it('takes a pool of files with enough room', () => {
  const pool = (type: string): string => `<pool type='${type}'>\n  <available unit='bytes'>1000</available>\n</pool>`;
  expect(() => requirePool(at('qemu:///system'), pool('dir'), 1000)).not.toThrow();
  expect(() => requirePool(at('qemu:///system'), pool('dir'), 1001)).toThrow(
    /needs 1001 B, and the pool "default" of qemu:\/\/\/system has/,
  );
  expect(() => requirePool(at('qemu:///system'), pool('logical'), 1)).toThrow(/type logical, whose volumes are no files/);
});
