import { expect, it } from 'vitest';
import { imageSchema, type ImageSource, resolveImage } from '../../image/index.ts';
import { glanceProperties } from './properties.ts';

const imageOf = (source: ImageSource) => resolveImage(imageSchema.parse(source), '/images/example', 'example');
// 2023-06-10 11:00 UTC
const epoch = 1_686_394_800;

it('tells a cloud and its users what an image is', () => {
  expect(glanceProperties(imageOf({ release: 'bookworm' }), epoch, 2)).toEqual({
    architecture: 'x86_64',
    os_type: 'linux',
    os_distro: 'debian',
    os_version: '12',
    os_admin_user: 'root',
    hypervisor_type: 'qemu',
    hw_disk_bus: 'virtio',
    hw_vif_model: 'virtio',
    hw_rng_model: 'virtio',
    image_build_date: '2023-06-10',
    image_description: 'Debian 12 (bookworm)',
    image_original_user: 'root',
    image_source: 'private',
    replace_frequency: 'critical_bug',
    uuid_validity: 'last-2',
    provided_until: 'none',
  });
});

it('names architectures as uname does', () => {
  const machine = (arch: NonNullable<ImageSource['arch']>, release: ImageSource['release']) =>
    glanceProperties(imageOf({ release, arch }), epoch, 1)['architecture'];
  expect([machine('arm64', 'trixie'), machine('ppc64el', 'trixie'), machine('riscv64', 'trixie'), machine('loong64', 'forky')]).toEqual([
    'aarch64',
    'ppc64le',
    'riscv64',
    'loongarch64',
  ]);
});

it('lets image.json say better', () => {
  const properties = { hw_disk_bus: 'scsi', hw_scsi_model: 'virtio-scsi' };
  const image = imageOf({
    release: 'squeeze',
    description: 'Old and small',
    users: [{ name: 'me' }, { name: 'admin', sudo: true }],
    upload: { glance: { cloud: 'ours', properties } },
  });
  expect(glanceProperties(image, epoch, 1)).toMatchObject({
    ...properties,
    image_description: 'Old and small',
    os_admin_user: 'admin',
    image_original_user: 'admin',
    uuid_validity: 'none',
  });
});
