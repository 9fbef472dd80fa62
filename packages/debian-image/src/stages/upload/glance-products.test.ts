import { silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { imageSchema, type ImageSource, resolveImage } from '../../image/index.ts';
import type { BareFacts, ExtractedFile } from '../extract/facts.ts';
import { glanceForms, glanceProduct } from './glance-products.ts';
import type { UploadRequest } from './request.ts';
import { catalogFiles } from './to-catalog.ts';

const file = (name: string, size = 10): ExtractedFile => ({ name, size, sha256: `${name}-`.repeat(8), sha512: name, md5: name });
const bare: BareFacts = {
  virtualSize: 3 * 2 ** 29,
  firmware: ['bios', 'uefi'],
  forms: { qcow2: file('disk.qcow2'), raw: file('disk.raw') },
};

function request(source: Partial<ImageSource>, facts: BareFacts = bare): UploadRequest {
  const disk = { bare: Object.keys(facts.forms) as 'qcow2'[] };
  return {
    image: resolveImage(imageSchema.parse({ release: 'bookworm', disk, ...source }), '/images/web', 'web'),
    workspaceRoot: '/',
    options: {},
    facts: {
      release: 'bookworm',
      architecture: 'amd64',
      kernelVersion: '6.1',
      root: { uuid: '', label: 'root' },
      files: { kernel: file('vmlinuz'), ramdisk: file('initrd'), root: file('root.ext4') },
      bare: facts,
    },
    epoch: 1_700_000_000,
    part: ({ name }) => Promise.resolve(`/store/${name}`),
    scratch: () => Promise.reject(new Error('nothing to write')),
    progress: silent,
    signal: new AbortController().signal,
    environment: {},
  };
}

const glance = (more: object) => ({ upload: { glance: { cloud: 'ours', ...more } } });
const formsOf = (source: Partial<ImageSource>, facts?: BareFacts) => glanceForms(request(source, facts).image);

it('sends what an image has, each under a name of its own', () => {
  expect(formsOf({})).toEqual([
    { form: 'triplet', name: 'web' },
    { form: 'bare', name: 'web-bare' },
  ]);
  expect(formsOf({ disk: {} })).toEqual([{ form: 'triplet', name: 'web' }]);
  expect(formsOf({ disk: { bare: ['uec', 'raw.xz'] } })).toEqual([{ form: 'triplet', name: 'web' }]);
  expect(formsOf(glance({ forms: ['bare'] }))).toEqual([{ form: 'bare', name: 'web' }]);
});

it('makes of a disk a product without a kernel, with room for what a machine sees', async () => {
  const product = glanceProduct(request({}), { form: 'bare', name: 'web-bare' }, 2);
  expect(product).toMatchObject({ name: 'web-bare', version: '20231114-disk.qco', rootFormat: 'qcow2', common: { minDisk: 2 } });
  expect(product.kernel).toBeUndefined();
  expect(await product.root.path()).toBe('/store/disk.qcow2');
  expect(product.common.properties).toMatchObject({ os_distro: 'debian', hw_disk_bus: 'virtio', hw_vif_model: 'virtio' });
  expect(product.common.properties).not.toHaveProperty('hw_firmware_type');
});

it('sends the form that is asked for, and says where only UEFI starts it', () => {
  const of = { form: 'bare' as const, name: 'web' };
  expect(glanceProduct(request(glance({ bareFormat: 'raw', minDisk: 9 })), of, 2)).toMatchObject({
    rootFormat: 'raw',
    root: { size: 10, md5: 'disk.raw' },
    common: { minDisk: 9 },
  });
  const uefi = glanceProduct(request({}, { ...bare, firmware: ['uefi'] }), of, 2);
  expect(uefi.common.properties['hw_firmware_type']).toBe('uefi');
});

it('makes of a triplet what it was without a disk', () => {
  expect(glanceProduct(request({}), { form: 'triplet', name: 'web' }, 2)).toMatchObject({
    name: 'web',
    kernel: { name: 'vmlinuz-6.1' },
    ramdisk: { name: 'web-initrd-6.1' },
    rootFormat: 'ami',
    common: { minDisk: 1 },
  });
});

it('gives a catalog the types that clients of simplestreams know', () => {
  const types = (facts: BareFacts) => catalogFiles(request({}, facts).facts).map(({ file: { name }, ftype }) => `${name} ${ftype}`);
  const triplet = ['vmlinuz boot-kernel', 'initrd boot-initrd', 'root.ext4 root.ext4'];
  expect(types(bare)).toEqual([...triplet, 'disk.qcow2 disk1.img', 'disk.raw disk.raw']);
  expect(types({ ...bare, firmware: ['uefi'] })[3]).toBe('disk.qcow2 uefi1.img');
});
