import { chmod, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, blobNamed } from '@nx-debian-image/artifact-store';
import { Failure, formatBytes } from '@nx-debian-image/report';
import { findRoot } from '../../disk/boot-files.ts';
import { withFile } from '../../disk/read-at.ts';
import { command, run } from '../../host/index.ts';
import {
  addKey,
  configDrive,
  hostFileSystemTools as tools,
  type MachineDisk,
  type MachineParts,
  noCloudSeed,
  prepareRoot,
  type Seed,
} from '../../machine/index.ts';
import type { Build } from '../build.ts';

/** What a machine starts from, apart from firmware. */
export type StartParts = Pick<MachineParts, 'disks' | 'kernel' | 'ramdisk'>;

export interface DiskWish {
  /** Bytes; where not given, room to work beside the image. */
  readonly size: number | undefined;
  readonly publicKey: string;
  /** A folder for the copies. */
  readonly scratch: string;
}

/** Free space of a disk whose size nobody says. */
const usualRoom = 4 * 2 ** 30;

/** Kernel, ramdisk and a copy of the root file system with the key, of the flavour's size: the guest grows it as in a cloud. */
export async function prepareTriplet({ store, signal }: Build, extracted: Artifact, wish: DiskWish): Promise<StartParts> {
  const root = blobNamed(extracted, 'root.ext4');
  const path = (name: string): string => store.blobPath(blobNamed(extracted, name).digest);
  const size = sizeOf(wish, root.size);
  const target = join(wish.scratch, 'root.ext4');
  await prepareRoot({ source: path('root.ext4'), target, size, growth: 'guest', publicKey: wish.publicKey, tools, signal });
  return { kernel: path('vmlinuz'), ramdisk: path('initrd'), disks: [{ path: target, format: 'raw' }] };
}

/** The bare disk as the facts of extract tell of it. */
export interface BareFacts {
  /** Bytes. */
  readonly virtualSize: number;
  readonly firmware: readonly string[];
}

/** The facts of an image's bare disk. Failure `invalid` where it has none. */
export function bareFactsOf({ config }: Artifact, name: string): BareFacts {
  const { bare } = config as { readonly bare?: BareFacts };
  if (bare !== undefined) return bare;
  throw new Failure('invalid', `${name} has no bare disk`, {
    where: 'image.json: disk.bare',
    hint: 'Write "disk": { "bare": ["qcow2"] } into image.json, or leave --bare away.',
  });
}

/** A raw copy of the bare disk, of the flavour's size, with the key in its root file system. */
export async function prepareBare({ store, signal }: Build, extracted: Artifact, facts: BareFacts, wish: DiskWish): Promise<StartParts> {
  const size = sizeOf(wish, facts.virtualSize);
  const source = store.blobPath(blobNamed(extracted, 'disk.qcow2').digest);
  const target = join(wish.scratch, 'disk.raw');
  await run(command('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', source, target]), { doing: 'copying the bare disk', signal });
  await chmod(target, 0o600);
  await addKey(target, { start: withFile(target, findRoot).start, publicKey: wish.publicKey, tools, signal });
  await truncate(target, size);
  return { disks: [{ path: target, format: 'raw' }] };
}

/** What cloud-init may find its data on: a config drive and a NoCloud seed, for images listen to one or the other. */
export async function prepareSeeds(seed: Seed, scratch: string): Promise<MachineDisk[]> {
  const seeds = { 'config-drive': configDrive(seed), 'no-cloud': noCloudSeed(seed) };
  for (const [name, bytes] of Object.entries(seeds)) await writeFile(join(scratch, name), bytes);
  return Object.keys(seeds).map((name) => ({ path: join(scratch, name), format: 'raw', readOnly: true }));
}

function sizeOf({ size }: DiskWish, image: number): number {
  if (size === undefined) return Math.ceil((image + usualRoom) / 2 ** 30) * 2 ** 30;
  if (size >= image) return size;
  throw new Failure('invalid', `a disk of ${formatBytes(size)} is smaller than the image of ${formatBytes(image)}`, {
    where: '--flavour',
    hint: `Give it more, such as --flavour=disk=${Math.ceil(image / 2 ** 30)}GiB.`,
  });
}
