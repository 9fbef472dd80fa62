import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { field } from '../../../packages/debian-image/src/debian/archive/package.ts';
import { netbootFiles, netbootFolder, netbootPackage, packagedFolder } from '../../../packages/debian-image/src/debian/installer/places.ts';
import type { Release } from '../../../packages/debian-image/src/debian/releases.ts';
import type { Architecture } from '../../../packages/debian-image/src/image/index.ts';
import { command, run } from '../../../packages/debian-image/src/host/index.ts';
import { Failure, type Progress } from '../../../packages/report/src/index.ts';
import { fetchFile, has } from './upstream.ts';

export interface NetbootSearch {
  readonly main: string;
  readonly release: Release;
  readonly architecture: Architecture;
  /** The paragraphs of both indices. */
  readonly ordinary: readonly string[];
  readonly udebs: readonly string[];
  readonly folder: string;
  readonly progress: Progress;
}

/**
 * The installer whose kernel is one that the mirror has modules for, by the paths below the folder of the installer's images: a mirror between
 * two point releases may have the modules of the one before alone. Fails as `not-found` where there is none.
 */
export async function findNetboot(search: NetbootSearch): Promise<Map<string, Buffer>> {
  const { main, release, architecture, ordinary, folder, progress } = search;
  const kernels = await kernelsWithModules(search);
  const name = netbootPackage(release, architecture);
  const stanza = ordinary.find((candidate) => field(candidate, 'Package') === name) ?? '';
  for (const path of versionsBefore(field(stanza, 'Filename') ?? '')) {
    if (!(await has(`${main}/${path}`))) continue;
    const deb = join(folder, 'netboot.deb');
    await fetchFile(`${main}/${path}`, deb);
    const { stdout } = await run(command('dpkg-deb', ['--field', deb, 'Built-Using']), { doing: 'looking into the installer' });
    const kernel = /\blinux \(= ([^)]+)\)/.exec(stdout)?.[1];
    if (kernel === undefined || !kernels.has(kernel)) continue;
    progress.note(`the installer is that of Linux ${kernel}: ${path}`);
    return unpack(deb, search);
  }
  throw new Failure('not-found', `the mirror has no installer for the kernels that it has modules of: ${[...kernels].join(', ')}`, {
    where: main,
  });
}

/** The versions of Linux for which the mirror has the modules of ext4. */
async function kernelsWithModules({ main, udebs }: NetbootSearch): Promise<Set<string>> {
  const versions = new Set<string>();
  for (const stanza of udebs.filter((candidate) => field(candidate, 'Package')?.startsWith('ext4-modules-'))) {
    if (await has(`${main}/${field(stanza, 'Filename')}`)) versions.add(field(stanza, 'Version') ?? '');
  }
  return versions;
}

/** The path of a package and of its updates before: `..._20250803+deb13u8_all.deb`, `u7`, ... */
function versionsBefore(path: string): string[] {
  const [, begin, number, end] = /^(.*\+deb\d+u)(\d+)(_.*)$/.exec(path) ?? [];
  if (begin === undefined) return [path];
  return Array.from({ length: Number(number) }, (_, before) => `${begin}${Number(number) - before}${end}`);
}

async function unpack(deb: string, { release, architecture, folder }: NetbootSearch): Promise<Map<string, Buffer>> {
  const tree = join(folder, 'netboot');
  await mkdir(tree);
  await run(command('dpkg-deb', ['--extract', deb, tree]), { doing: 'unpacking the installer' });
  const files = Object.values(netbootFiles).map(async (name): Promise<[string, Buffer]> => {
    const bytes = await readFile(join(tree, packagedFolder(release, architecture), name));
    return [`${netbootFolder(architecture)}/${name}`, bytes];
  });
  return new Map(await Promise.all(files));
}
