import { join } from 'node:path';
import { type Artifact, blobNamed } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { hostFileSystemTools as tools, type MachineParts, prepareDisk, prepareRoot } from '../../machine/index.ts';
import { bareBlob } from '../bare-blob.ts';
import type { Build } from '../build.ts';

export interface DiskWish {
  /** Bytes. */
  readonly size: number;
  /** A line for root's authorized_keys. */
  readonly publicKey: string;
  /** A folder for the copies. */
  readonly folder: string;
}

/** What a machine starts from, apart from firmware. */
type StartParts = Pick<MachineParts, 'disks' | 'kernel' | 'ramdisk'>;

/** Kernel, ramdisk and a copy of the root file system with the key, of the flavour's size: the guest grows it as in a cloud. */
export async function prepareTriplet({ store, signal }: Build, extracted: Artifact, wish: DiskWish): Promise<StartParts> {
  const path = (name: string): string => store.blobPath(blobNamed(extracted, name).digest);
  const target = join(wish.folder, 'root.ext4');
  await prepareRoot({ ...wish, source: path('root.ext4'), target, growth: 'guest', tools, signal });
  return { kernel: path('vmlinuz'), ramdisk: path('initrd'), disks: [{ path: target, format: 'raw' }] };
}

/** A raw copy of the bare disk, of the flavour's size, with the key in its root file system. Failure `invalid` where no form of it can be started. */
export async function prepareBare({ store, signal }: Build, extracted: Artifact, wish: DiskWish): Promise<StartParts> {
  const form = bareBlob(extracted);
  if (form === undefined) {
    throw new Failure('invalid', 'the bare disk comes in no form that a machine starts here', {
      where: 'image.json: disk.bare',
      hint: 'Add "qcow2" to disk.bare.',
    });
  }
  const source = store.blobPath(blobNamed(extracted, form.name).digest);
  const target = join(wish.folder, 'disk.raw');
  await prepareDisk({ ...wish, source, format: form.format, target, tools, signal });
  return { disks: [{ path: target, format: 'raw' }] };
}
