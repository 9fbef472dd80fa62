import { join } from 'node:path';
import type { ArtifactDraft, Descriptor, Digest, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { type Digested, digestFile, slice } from '../../disk/blocks/slice.ts';
import { withFile } from '../../disk/read-at.ts';
import type { FileSystemTools } from '../../disk/tools.ts';
import { dumpFiles, listFolder, within } from '../../disk/ext4/debugfs.ts';
import { chooseBootFiles, findRoot, type RootRange } from '../../disk/boot-files.ts';
import { checkExt4 } from '../../disk/ext4/check.ts';
import { type BareWish, packBare } from './bare.ts';
import { type ExtractConfig, type ExtractedFile, factsOf } from './facts.ts';

export interface ExtractOptions {
  /** A raw disk in the store. */
  readonly disk: Descriptor;
  /** The names of release and architecture, for the facts. */
  readonly release: string;
  readonly architecture: string;
  /** Which of several kernels: its version, or how that ends; undefined: the newest. */
  readonly kernel?: string | undefined;
  /** What the disk itself is packed as, where it boots by itself. */
  readonly bare?: BareWish | undefined;
  readonly tools: FileSystemTools;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** The names of the blobs. */
const extractedNames = { kernel: 'vmlinuz', ramdisk: 'initrd', root: 'root.ext4' } as const;

/**
 * Takes kernel, initial RAM disk and root file system out of a disk, without mounting it; each is read once for all its digests. A disk that
 * boots by itself is packed too.
 * Failures: those of `findRoot` and `chooseBootFiles`; `command-failed` where e2fsck finds errors.
 */
export async function extract(options: ExtractOptions): Promise<ArtifactDraft> {
  const path = options.store.blobPath(options.disk.digest);
  const root = withFile(path, findRoot);
  // e2fsck says more than whatever stumbles over the same damage, so it is heard first
  const [checked, taken] = await Promise.allSettled([
    checkExt4({ ...options, device: within(path, root.start) }),
    take(options, path, root),
  ]);
  if (checked.status === 'rejected') throw checked.reason;
  if (taken.status === 'rejected') throw taken.reason;
  const { config, blobs } = taken.value;
  if (options.bare === undefined) return { stage: 'extract', config, blobs };
  const bare = await packBare({ ...options, wish: options.bare, triplet: blobs });
  return { stage: 'extract', config: { ...config, bare: bare.facts }, blobs: [...blobs, ...bare.blobs] };
}

interface Triplet extends Pick<ArtifactDraft, 'blobs'> {
  readonly config: ExtractConfig;
}

async function take(options: ExtractOptions, path: string, { start, size, superblock }: RootRange): Promise<Triplet> {
  const { release, architecture, tools, store, progress, signal } = options;
  const device = within(path, start);
  const boot = chooseBootFiles(await listFolder(tools, device, '/boot', signal), options.kernel);
  progress.step(`taking kernel ${boot.version}, its initial RAM disk and the root file system out of the disk`);
  if (boot.others.length > 0) progress.note(`other kernels stay in the root: ${boot.others.join(', ')}`);
  const scratch = await store.scratch();
  try {
    const at = (name: keyof typeof extractedNames): string => join(scratch.folder, extractedNames[name]);
    const dump = {
      kernel: { source: `/boot/${boot.kernel.name}`, size: boot.kernel.size, target: at('kernel') },
      ramdisk: { source: `/boot/${boot.ramdisk.name}`, size: boot.ramdisk.size, target: at('ramdisk') },
    };
    await dumpFiles(tools, device, [dump.kernel, dump.ramdisk], signal);
    const meter = progress.meter('root file system', size);
    const range = { start, size, onBytes: meter.add, ...(signal ? { signal } : {}) };
    const digested = {
      kernel: await digestFile(at('kernel')),
      ramdisk: await digestFile(at('ramdisk')),
      root: await slice(path, at('root'), range),
    };
    meter.done();
    const names = ['kernel', 'ramdisk', 'root'] as const;
    const blobs: ArtifactDraft['blobs'][number][] = [];
    for (const name of names) blobs.push({ name: extractedNames[name], descriptor: await adopt(store, at(name), digested[name]) });
    const facts = (name: (typeof names)[number]): ExtractedFile => factsOf(extractedNames[name], digested[name]);
    const config: ExtractConfig = {
      release,
      architecture,
      kernelVersion: boot.version,
      root: { uuid: superblock.uuid, label: superblock.label },
      files: { kernel: facts('kernel'), ramdisk: facts('ramdisk'), root: facts('root') },
    };
    return { config, blobs };
  } finally {
    await scratch.dispose();
  }
}

function adopt(store: Store, path: string, { digests, size }: Digested): Promise<Descriptor> {
  const digest: Digest = `sha256:${digests.sha256}`;
  return store.adopt(path, digest, size);
}
