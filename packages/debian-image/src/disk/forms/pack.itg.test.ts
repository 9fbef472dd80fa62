import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, run } from '../../host/index.ts';
import { withoutProgram } from '../../host/testing/absent-program.ts';
import { digestFile } from '../blocks/slice.ts';
import { randomNumbers } from '../testing/tar.ts';
import { packDisk, type PackedForm, type PackOptions } from './pack.ts';
import { requireFormPrograms } from './programs.ts';
import { packUec } from './uec.ts';

const mebibyte = 1 << 20;
let folder: string;
let source: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'));
  source = join(folder, 'disk.raw');
  const random = randomNumbers(1);
  await writeFile(source, Buffer.from(Array.from({ length: mebibyte / 2 }, () => random() * 16)));
  await truncate(source, 41 * mebibyte);
});
afterAll(() => rm(folder, { recursive: true }));

/** A VMDK holds its own name, so that all have the same in a folder each. */
async function packed(form: PackedForm, name: string, more: Partial<PackOptions> = {}): Promise<string> {
  await mkdir(join(folder, name));
  const target = join(folder, name, `disk.${form}`);
  await packDisk(form, { source, target, seed: 'seed', ...more });
  return target;
}

const formatOf = (form: PackedForm): string => (form === 'vhd' ? 'vpc' : form);
const compare = (path: string, form: PackedForm): Promise<unknown> =>
  run(command('qemu-img', ['compare', '-f', formatOf(form), '-F', 'raw', path, source]), { doing: 'comparing' });
const info = async (path: string, form: PackedForm): Promise<Record<string, unknown>> =>
  JSON.parse(
    (await run(command('qemu-img', ['info', '-f', formatOf(form), '--output=json', path]), { doing: 'looking' })).stdout,
  ) as Record<string, unknown>;

it.each(['qcow2', 'vmdk', 'vhd', 'vdi'] as const)('packs a disk as %s: the same disk, and the same bytes each time', async (form) => {
  const one = await packed(form, `one.${form}`);
  // the time of a VHD has whole seconds
  await setTimeout(1100);
  const two = await packed(form, `two.${form}`);
  expect(await digestFile(one)).toEqual(await digestFile(two));
  await compare(one, form);
  expect(await info(one, form)).toMatchObject({ 'virtual-size': 41 * mebibyte });
});

it.each(['vmdk', 'vhd', 'vdi'] as const)('gives another disk as %s another identity', async (form) => {
  const [one, two] = [await packed(form, `first.${form}`), await packed(form, `second.${form}`, { seed: 'other seed' })];
  expect(await digestFile(one)).not.toEqual(await digestFile(two));
  await compare(two, form);
});

it('compresses a qcow2 with zstd, and makes the vmdk one that is read as a stream', async () => {
  expect(await info(await packed('qcow2', 'compressed'), 'qcow2')).toMatchObject({
    'format-specific': { data: { 'compression-type': 'zstd', compat: '1.1' } },
  });
  expect(await info(await packed('vmdk', 'stream'), 'vmdk')).toMatchObject({
    'format-specific': { data: { 'create-type': 'streamOptimized' } },
  });
});

it('makes a vhd as clouds want it: fixed, of whole mebibytes, with a right checksum', async () => {
  const file = await readFile(await packed('vhd', 'fixed'));
  const footer = file.subarray(-512);
  expect(file.length).toBe(41 * mebibyte + 512);
  expect(footer.toString('latin1', 0, 8)).toBe('conectix');
  expect([footer.readUInt32BE(24), footer.readUInt32BE(60)]).toEqual([0, 2]);
  const sum = footer.reduce((total, byte, at) => (at >= 64 && at < 68 ? total : total + byte), 0);
  expect(footer.readUInt32BE(64)).toBe(~sum >>> 0);
});

it('compresses a raw disk with xz, the same with any number of processors', async () => {
  const one = await packed('raw.xz', 'alone', { threads: 1 });
  for (const threads of [2, 4])
    expect(await digestFile(await packed('raw.xz', `threads-${threads}`, { threads }))).toEqual(await digestFile(one));
  await run(command('xz', ['--decompress', one]), { doing: 'uncompressing' });
  expect(await digestFile(one.replace(/\.xz$/, ''))).toEqual(await digestFile(source));
});

it('packs a triplet as a tarball of names that cloud-publish-tarball knows', async () => {
  const [one, two] = [join(folder, 'one.tar.gz'), join(folder, 'two.tar.gz')];
  const files = { 'debian-vmlinuz': source, 'debian.img': source };
  await packUec({ files, target: one });
  await packUec({ files, target: two });
  expect(await digestFile(one)).toEqual(await digestFile(two));
  const { stdout } = await run(command('tar', ['--list', '--verbose', '--gzip', '--file', one]), { doing: 'listing' });
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).filter((_, index) => index !== 4)),
  ).toEqual(Object.keys(files).map((name) => ['-rw-r--r--', '0/0', String(41 * mebibyte), '1970-01-01', name]));
});

it('says which package is missing, and asks for none that a form does not need', async () => {
  const { signal } = new AbortController();
  await expect(requireFormPrograms(['uec', 'raw', 'qcow2', 'raw.xz'], signal)).resolves.toBeUndefined();
  await withoutProgram('qemu-img', join(folder, 'without'));
  await expect(requireFormPrograms(['uec', 'raw', 'raw.xz'], signal)).resolves.toBeUndefined();
  await expect(requireFormPrograms(['raw', 'vhd'], signal)).rejects.toMatchObject({
    reason: 'missing-tool',
    message: 'a bare disk as vhd needs qemu-img, which is not on this machine',
    hint: 'sudo apt-get install --no-install-recommends qemu-utils',
  });
});
