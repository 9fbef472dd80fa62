import { expect, it } from 'vitest';
import { imageSchema, resolveImage } from '../../image/index.ts';
import { plannedPackages } from './plan.ts';
import { releaseOf } from '../../debian/releases.ts';
import { fieldOfPackage, lockRequest } from './request.ts';

const source = {
  release: 'trixie',
  packages: ['vim'],
  locales: ['fr_FR.UTF-8'],
  timezone: 'Europe/Paris',
  users: [{ name: 'a', sudo: true }],
};
const image = resolveImage(imageSchema.parse(source), '/images/web', 'web');

it('records what decides which packages there are', () => {
  expect(lockRequest(image)).toEqual({
    release: 'trixie',
    arch: 'amd64',
    components: ['main'],
    pockets: ['updates', 'security'],
    recommends: false,
    packages: plannedPackages(image, releaseOf('trixie')),
  });
});

it('knows the field of image.json that brings a package', () => {
  const names = ['vim', 'locales', 'tzdata', 'sudo', 'systemd-resolved', 'linux-image-cloud-amd64', 'nginx'];
  expect(names.map((name) => fieldOfPackage(name, image))).toEqual([
    'packages',
    'locales',
    'timezone',
    'users',
    'network',
    'kernel',
    'packages',
  ]);
});

it('knows that debian-installer brings ifupdown for the network', () => {
  const installed = resolveImage(imageSchema.parse({ ...source, install: { method: 'installer' } }), '/images/web', 'web');
  expect(['ifupdown', 'dhcpcd-base'].map((name) => fieldOfPackage(name, installed))).toEqual(['network', 'network']);
});
