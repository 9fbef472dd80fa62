import { expect, it } from 'vitest';
import { displayOf } from './display.ts';
import { readStartOptions, type StartOptions } from './options.ts';

const gibibyte = 2 ** 30;

it('starts the triplet where nothing is said', () => {
  expect(readStartOptions({})).toEqual({
    bare: false,
    firmware: undefined,
    flavour: { memory: gibibyte, processors: 2 },
    forwards: [{ host: 0, guest: 22 }],
    key: undefined,
    userData: undefined,
    display: undefined,
  });
  expect(readStartOptions({ triplet: true })).toEqual(readStartOptions({}));
});

it('takes what is said', () => {
  const wish = readStartOptions({
    bare: true,
    firmware: 'uefi-secure',
    flavour: 'disk=10GiB,processors=4',
    sshPort: 2222,
    forward: ['8080:80', '0:443'],
    display: 'vnc',
  });
  expect(wish).toMatchObject({ bare: true, firmware: 'uefi-secure', display: 'vnc' });
  expect(wish.flavour).toEqual({ disk: 10 * gibibyte, memory: gibibyte, processors: 4 });
  expect(wish.forwards).toEqual([
    { host: 2222, guest: 22 },
    { host: 8080, guest: 80 },
    { host: 0, guest: 443 },
  ]);
});

it.each<[StartOptions, RegExp]>([
  [{ bare: true, triplet: true }, /exclude each other/],
  [{ firmware: 'uefi' }, /--firmware is for the bare disk/],
  [{ flavour: 'disk=10GB' }, /"disk=10GB" is no part of a flavour/],
  [{ flavour: 'disk=0' }, /"disk=0"/],
  [{ flavour: 'memory=1MiB' }, /"memory=1MiB"/],
  [{ flavour: 'processors=0' }, /"processors=0"/],
  [{ flavour: 'small' }, /"small"/],
  [{ forward: ['80'] }, /"80" forwards no port/],
  [{ forward: ['70000:80'] }, /"70000:80"/],
  [{ forward: ['8080:0'] }, /"8080:0"/],
  [{ sshPort: 8080, forward: ['8080:80'] }, /port 8080 is to lead to two ports/],
])('refuses %j', (options, message) => {
  expect(() => readStartOptions(options)).toThrow(message);
});

it('opens a window only where there is a desktop', () => {
  expect(displayOf(undefined, {})).toBeUndefined();
  expect(displayOf('vnc', {})).toEqual({ kind: 'vnc' });
  expect(() => displayOf('window', {})).toThrow(/no desktop/);
  expect(displayOf('window', { DISPLAY: ':0', HOME: '/root' })).toEqual({ kind: 'window', environment: { DISPLAY: ':0' } });
});
