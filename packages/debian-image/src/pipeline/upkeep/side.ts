import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Artifact, blobNamed, type Descriptor, readArtifact } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import type { LockedPackage } from '../../debian/archive/package.ts';
import { parseLock } from '../../debian/lock/read.ts';
import { lockFileName } from '../../debian/lock/schema.ts';
import { command, run } from '../../host/index.ts';

/** The files of a triplet and their sizes in bytes. */
export type Sizes = Readonly<Record<'kernel' | 'ramdisk' | 'root', number>>;

/** One of two things compared: a build, or a lock, of which only the packages are known. */
export interface Side {
  readonly name: string;
  readonly packages: readonly LockedPackage[];
  /** The layers of its tree, lowest first, where it has been configured. */
  readonly layers?: readonly Descriptor[];
  /** Where it has been extracted. */
  readonly sizes?: Sizes;
}

/** What a build has left in a folder, as far as it has come; undefined where nothing has been installed there. */
export async function buildIn(folder: string, name: string): Promise<Side | undefined> {
  const installed = await readArtifact(join(folder, 'install'));
  if (installed === undefined) return undefined;
  const configured = await readArtifact(join(folder, 'configure'));
  const extracted = await readArtifact(join(folder, 'extract'));
  const { packages } = installed.config as { packages: readonly LockedPackage[] };
  return {
    name,
    packages,
    ...(configured === undefined ? {} : treeOf(configured)),
    ...(extracted === undefined ? {} : { sizes: sizesOf(extracted) }),
  };
}

/** The layers of a tree; those of a disk have no list of files. */
function treeOf({ config }: Artifact): Pick<Side, 'layers'> {
  const { layers, method } = config as { readonly layers: readonly Descriptor[]; readonly method?: string };
  return method === 'installer' ? {} : { layers };
}

function sizesOf(extracted: Artifact): Sizes {
  const size = (name: string): number => blobNamed(extracted, name).size;
  return { kernel: size('vmlinuz'), ramdisk: size('initrd'), root: size('root.ext4') };
}

export interface OtherSideOptions {
  /** What the user named. */
  readonly wish: string;
  readonly workspaceRoot: string;
  /** The folder of the image, from the workspace's root, and its name. */
  readonly projectRoot: string;
  readonly image: string;
  readonly signal: AbortSignal;
}

/**
 * What to compare with: the build of another image of this workspace by its name, a build in a folder such as another checkout's
 * `dist/IMAGE`, or the lock that this image had in a revision of git. Fails as `not-found` where it is none of them.
 */
export async function otherSide(options: OtherSideOptions): Promise<Side & { readonly revision?: true }> {
  const { wish, workspaceRoot } = options;
  const image = /^[^/]+$/.test(wish) ? await buildIn(join(workspaceRoot, 'dist', wish), wish) : undefined;
  if (image !== undefined) return image;
  const folder = resolve(workspaceRoot, wish);
  if (await isFolder(folder)) {
    const build = await buildIn(folder, wish);
    if (build !== undefined) return build;
  }
  return lockOfRevision(options);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function lockOfRevision(options: OtherSideOptions): Promise<Side & { readonly revision: true }> {
  const { wish, workspaceRoot, projectRoot, image, signal } = options;
  const object = `${wish}:./${join(projectRoot, lockFileName)}`;
  const explain = (said: string): Failure =>
    /does not exist in|exists on disk, but not in/.test(said)
      ? new Failure('not-found', `${image} has no lock in the revision ${wish}`, {
          hint: 'Only its lock is kept in git, so nothing else can be compared.',
        })
      : nothingNamed(wish);
  const show = command('git', ['show', '--end-of-options', object], { cwd: workspaceRoot });
  const text = (await run(show, { doing: `reading the lock of ${wish}`, signal, explain })).stdout;
  return { name: `the lock of ${wish}`, packages: parseLock(text, object, image).packages, revision: true };
}

function nothingNamed(wish: string): Failure {
  return new Failure('not-found', `there is no build and no git revision "${wish}" to compare with`, {
    where: '--with',
    hint: 'Name another image that is built (`nx run IMAGE:extract` builds it), a folder with a build such as ../other/dist/IMAGE, or a git revision.',
  });
}
