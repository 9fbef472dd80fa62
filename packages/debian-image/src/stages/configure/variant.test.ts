import { expect, it } from 'vitest';
import { type Image, imageSchema, type ImageSource, resolveImage } from '../../image/index.ts';
import { factsOf } from './testing/image.ts';
import { type Added, ownPart, planVariant } from './variant.ts';

const base: ImageSource = {
  release: 'bookworm',
  locales: ['fr_FR.UTF-8'],
  users: [{ name: 'admin' }],
  services: { enable: ['ssh'] },
  scripts: ['base.sh'],
  files: [{ source: 'motd', target: '/etc/motd' }],
};

/** An image as merging makes it of this upon `base`. */
function child(more: Partial<ImageSource> = {}): { image: Image; parent: Image } {
  const parent = resolveImage(imageSchema.parse(base), '/images/base', 'base');
  const own = resolveImage(imageSchema.parse({ ...base, ...more }), '/images/base', 'web');
  return { parent, image: { ...own, parent } };
}

const none: Added = { packages: new Set(), staleRamdisk: false };

function plan(more: Partial<ImageSource>, added: Added = none) {
  const { image, parent } = child(more);
  const { settings, own } = planVariant(image, parent, factsOf('bookworm'), { files: [], added });
  return { settings: settings?.steps.map(({ name }) => name), own: own?.steps.map(({ name }) => name) };
}

it('does nothing where an image says nothing else', () => {
  expect(plan({})).toEqual({ settings: undefined, own: undefined });
});

it('runs the steps that say something else, and looks whether the ramdisk has to be made again', () => {
  expect(plan({ hostname: 'web', locales: ['fr_FR.UTF-8', 'de_DE.UTF-8'] })).toEqual({
    settings: ['watch', 'locales', 'hostname', 'initramfs', 'cleanup'],
    own: undefined,
  });
});

it('looks around again for packages that decide what a step does', () => {
  const packages = new Set(['openssh-server', 'tzdata', 'less']);
  expect(plan({}, { ...none, packages }).settings).toEqual(['watch', 'timezone', 'ssh-host-keys', 'initramfs', 'cleanup']);
  expect(plan({}, { ...none, packages: new Set(['less']) }).settings).toBeUndefined();
});

it('makes the ramdisk where a package asked for it, once', () => {
  const stale = { ...none, staleRamdisk: true };
  expect(plan({}, stale).settings).toEqual(['put-aside', 'initramfs', 'cleanup']);
  expect(plan({ hostname: 'web' }, stale).settings).toEqual(['put-aside', 'hostname', 'initramfs', 'cleanup']);
});

it('runs its own scripts and services, not those of the image that it starts from', () => {
  const more: Partial<ImageSource> = { scripts: ['base.sh', 'web.sh'], services: { enable: ['ssh', 'nginx'] } };
  expect(plan(more).own).toEqual(['watch', 'services', 'script-1', 'initramfs', 'cleanup']);
  const { image, parent } = child(more);
  const own = ownPart(image, parent);
  expect(own.scripts.map(({ path }) => path)).toEqual(['web.sh']);
  expect(own.services).toEqual({ enable: ['nginx'], disable: [], mask: [] });
  expect(own.files).toEqual([]);
});

it('puts in again a file that it gives another mode', () => {
  const { image, parent } = child({ files: [{ source: 'motd', target: '/etc/motd', mode: '0600' }] });
  expect(ownPart(image, parent).files).toHaveLength(1);
});
