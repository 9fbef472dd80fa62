import { join } from 'node:path';
import { type ArtifactDraft, type Descriptor, type Store } from '@nx-debian-image/artifact-store';
import { formatBytes, type Progress } from '@nx-debian-image/report';
import type { Firmware } from '../../debian/boot-loader.ts';
import { digestFile } from '../../disk/blocks/slice.ts';
import { formFiles, type FormName } from '../../disk/forms/names.ts';
import { packDisk } from '../../disk/forms/pack.ts';
import { packUec } from '../../disk/forms/uec.ts';
import { type BareFacts, type ExtractedFile, factsOf } from './facts.ts';

/** What a disk that boots by itself is packed as. */
export interface BareWish {
  readonly forms: readonly FormName[];
  readonly firmware: readonly Firmware[];
}

export interface BareOptions {
  readonly wish: BareWish;
  /** The raw disk. */
  readonly disk: Descriptor;
  /** Kernel, ramdisk and root. */
  readonly triplet: ArtifactDraft['blobs'];
  /** The names of release and architecture, for those of the files in a tarball. */
  readonly release: string;
  readonly architecture: string;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** The facts of a bare disk and its blobs. */
export interface PackedBare {
  readonly facts: BareFacts;
  readonly blobs: ArtifactDraft['blobs'];
}

/** Packs a disk in each form that is wanted. The same disk and programs give the same bytes. Failures: those of `packDisk` and `packUec`. */
export async function packBare(options: BareOptions): Promise<PackedBare> {
  const { wish, disk, progress } = options;
  const forms: [FormName, ExtractedFile][] = [];
  const blobs: { name: string; descriptor: Descriptor }[] = [];
  for (const form of wish.forms) {
    progress.step(`packing the disk of ${formatBytes(disk.size)} as ${form}`);
    const packed = await packForm(form, options);
    forms.push([form, packed.facts]);
    blobs.push({ name: packed.facts.name, descriptor: packed.descriptor });
    progress.note(`${packed.facts.name}: ${formatBytes(packed.facts.size)}`);
  }
  return { facts: { virtualSize: disk.size, firmware: wish.firmware, forms: Object.fromEntries(forms) }, blobs };
}

/** How names end by which cloud-publish-tarball(1) knows the files; those of kernel and ramdisk are theirs already. */
const uecEnds: Readonly<Record<string, string>> = { 'root.ext4': '.img' };

async function packForm(form: FormName, options: BareOptions): Promise<{ facts: ExtractedFile; descriptor: Descriptor }> {
  const { disk, triplet, release, architecture, store, signal } = options;
  const more = signal ? { signal } : {};
  const source = store.blobPath(disk.digest);
  const name = formFiles[form];
  if (form === 'raw') return { facts: factsOf(name, await digestFile(source, more)), descriptor: disk };
  const scratch = await store.scratch();
  try {
    const target = join(scratch.folder, name);
    if (form === 'uec') {
      const title = (blob: string): string => `debian-${release}-${architecture}${uecEnds[blob] ?? `-${blob}`}`;
      const files = triplet.map((blob) => [title(blob.name), store.blobPath(blob.descriptor.digest)]);
      await packUec({ files: Object.fromEntries(files) as Record<string, string>, target, ...more });
    } else await packDisk(form, { source, target, seed: disk.digest, ...more });
    const digested = await digestFile(target, more);
    return { facts: factsOf(name, digested), descriptor: await store.adopt(target, `sha256:${digested.digests.sha256}`, digested.size) };
  } finally {
    await scratch.dispose();
  }
}
