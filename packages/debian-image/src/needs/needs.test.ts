import { expect, it } from 'vitest';
import { debianPackages, type ImageNeeds } from './index.ts';

const plain: ImageNeeds = { architecture: 'amd64', installer: false, bare: [] };
const building = debianPackages([], { verify: false, host: 'x64' });

/** What an image needs beside what each needs. */
function more(image: Partial<ImageNeeds>, { verify = false, host = 'x64' } = {}): string[] {
  return debianPackages([{ ...plain, ...image }], { verify, host }).filter((name) => !building.includes(name));
}

it('names what each image needs', () => {
  expect(building).toEqual(expect.arrayContaining(['mmdebstrap', 'uidmap', 'zstd']));
  expect(more({})).toEqual([]);
});

it('names QEMU for what starts a machine', () => {
  const machine = ['openssh-client', 'qemu-system-x86', 'qemu-utils'];
  expect(more({}, { verify: true })).toEqual(machine);
  expect(more({ installer: true })).toEqual(machine);
  expect(more({ bare: ['qcow2'] }, { verify: true })).toEqual(expect.arrayContaining(['ovmf']));
});

it('names what packs a bare disk', () => {
  expect(more({ bare: ['raw', 'qcow2', 'vhd'] })).toEqual(['qemu-utils']);
  expect(more({ bare: ['raw'] })).toEqual([]);
});

it('names what runs programs of another architecture', () => {
  expect(more({ architecture: 'arm64' })).toEqual(['qemu-user-static']);
  expect(more({ architecture: 'arm64' }, { host: 'arm64' })).toEqual([]);
  expect(more({ architecture: 'i386' })).toEqual([]);
  expect(more({ architecture: 's390x' }, { verify: true })).toEqual(['qemu-user-static']);
  expect(more({ architecture: 'arm64', installer: true })).toEqual(['openssh-client', 'qemu-system-arm', 'qemu-utils']);
});
