import { describe, expect, it } from 'vitest';
import { releaseOf } from '../../debian/releases.ts';
import { imageSchema, type ImageSource, resolveImage } from '../../image/index.ts';
import { plannedPackages } from './plan.ts';

function planned(source: ImageSource): string[] {
  const image = resolveImage(imageSchema.parse(source), '/images/example', 'example');
  return plannedPackages(image, releaseOf(image.release));
}

const base = [
  'dbus',
  'e2fsprogs',
  'fdisk',
  'init',
  'initramfs-tools',
  'iproute2',
  'iputils-ping',
  'kmod',
  'less',
  'netbase',
  'procps',
  'udev',
];

describe('packages to ask for', () => {
  it('boot and can be reached, sorted', () => {
    expect(planned({ release: 'bookworm' })).toEqual([...base, 'linux-image-cloud-amd64', 'systemd-resolved', 'zstd'].toSorted());
    expect(planned({ release: 'bookworm', install: { method: 'installer' } })).toEqual(
      expect.arrayContaining(['ifupdown', 'isc-dhcp-client']),
    );
    expect(planned({ release: 'trixie', network: 'none', kernel: 'generic' })).toEqual([...base, 'linux-image-amd64', 'zstd'].toSorted());
  });

  it('serve the fields of image.json', () => {
    const wanted = planned({
      release: 'trixie',
      packages: ['vim', 'sudo'],
      locales: ['fr_FR.UTF-8'],
      timezone: 'Europe/Paris',
      users: [{ name: 'admin', sudo: true }],
      kernel: 'linux-image-rt-amd64',
    });
    const more = ['linux-image-rt-amd64', 'locales', 'sudo', 'systemd-resolved', 'tzdata', 'vim', 'zstd'];
    expect(wanted).toEqual([...base, ...more].toSorted());
  });

  it('make the ramdisk with dracut from forky on, unless the image names the other tool', () => {
    expect(planned({ release: 'forky' })).toEqual(expect.arrayContaining(['dracut', 'linux-image-cloud-amd64', 'zstd']));
    expect(planned({ release: 'forky' })).not.toContain('initramfs-tools');
    expect(planned({ release: 'forky', packages: ['initramfs-tools'] })).not.toContain('dracut');
  });

  it('have the names of older releases', () => {
    const squeeze = planned({ release: 'squeeze' });
    expect(squeeze).toEqual(expect.arrayContaining(['sysvinit', 'module-init-tools', 'util-linux', 'iproute', 'linux-image-amd64']));
    expect(squeeze.filter((name) => ['init', 'kmod', 'fdisk', 'iproute2', 'zstd'].includes(name))).toEqual([]);
  });

  it('fail where there is no such kernel', () => {
    expect(() => planned({ release: 'trixie', arch: 'i386' })).toThrow('trixie has no kernel for i386: from trixie on');
    expect(() => planned({ release: 'stretch', kernel: 'cloud' })).toThrow('stretch has no cloud kernel for amd64');
  });
});
