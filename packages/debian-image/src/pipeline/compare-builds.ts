import { type Artifact, type Descriptor, titleAnnotation } from '@nx-debian-image/artifact-store';
import { firstDifference } from '../disk/compare/bytes.ts';
import { fileOfByte } from '../disk/compare/file-of-block.ts';
import { compareRamdisks } from '../disk/compare/ramdisks.ts';
import { compareTars, type TarDifference } from '../disk/compare/tars.ts';
import { withFile } from '../disk/read-at.ts';
import type { FileSystemTools } from '../disk/tools.ts';
import { within } from '../disk/ext4/debugfs.ts';
import { findRoot } from '../disk/boot-files.ts';

/** One blob as two builds gave it; undefined where a build did not give it. */
export interface BlobPair {
  readonly name: string;
  readonly first: Descriptor | undefined;
  readonly second: Descriptor | undefined;
}

/** The blobs of a stage by name, of two builds. */
export function pairBlobs(first: Artifact, second: Artifact): BlobPair[] {
  const [one, two] = [first, second].map(({ manifest }) => {
    return new Map(manifest.layers.map((layer) => [layer.annotations?.[titleAnnotation] ?? layer.digest, layer]));
  }) as [Map<string, Descriptor>, Map<string, Descriptor>];
  return [...new Set([...one.keys(), ...two.keys()])].map((name) => ({ name, first: one.get(name), second: two.get(name) }));
}

/** A blob in two files, and what may be needed to look into them. */
export interface TwoFiles {
  readonly name: string;
  readonly first: string;
  readonly second: string;
  readonly tools: () => Promise<FileSystemTools>;
  readonly signal: AbortSignal;
}

const mostLines = 10;

/** The lines that say in which files two blobs differ and how, the first first: files of a layer, of a disk, or members of an initial ramdisk. */
export async function explainDifference(files: TwoFiles): Promise<string[]> {
  const { name, first, second, signal } = files;
  if (name.endsWith('.tar')) return explainTars(files);
  if (name.startsWith('initrd')) {
    const size = (file: string): number => withFile(file, (bytes) => bytes.size);
    const whole = (file: string) => ({ file, start: 0, size: size(file) });
    const member = await compareRamdisks(whole(first), whole(second), signal);
    return [member === undefined ? 'it is compressed otherwise' : `its member ${member}`];
  }
  const at = withFile(first, (a) => withFile(second, (b) => firstDifference(a, b)));
  const place = `from byte ${at} on`;
  return [[place, await fileOnDisk(files, at ?? 0)].filter(Boolean).join(', in ')];
}

async function explainTars({ first, second, signal }: TwoFiles): Promise<string[]> {
  const differences = compareTars(first, second);
  const lines: string[] = [];
  for (const difference of differences.slice(0, mostLines)) {
    const member = await ramdiskMember(difference, first, second, signal);
    lines.push(`${difference.path}: ${difference.what}${member === undefined ? '' : `; its first member that differs is ${member}`}`);
  }
  if (differences.length > mostLines) lines.push(`and ${differences.length - mostLines} more`);
  return lines;
}

async function ramdiskMember(
  { path, contents }: TarDifference,
  first: string,
  second: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (contents === undefined || !path.startsWith('boot/initrd')) return undefined;
  const [one, two] = contents;
  return compareRamdisks({ file: first, start: one.data, size: one.size }, { file: second, start: two.data, size: two.size }, signal);
}

async function fileOnDisk({ first, tools, signal }: TwoFiles, byte: number): Promise<string | undefined> {
  const root = withFile(first, (bytes) => {
    try {
      return findRoot(bytes);
    } catch {
      return undefined;
    }
  });
  if (root === undefined || byte < root.start || byte >= root.start + root.size) return undefined;
  const { blockSize } = root.superblock;
  const file = await fileOfByte(await tools(), within(first, root.start), byte - root.start, blockSize, signal);
  return file ?? 'what the file system notes of its files';
}
