import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { field, paragraphs } from '../../../packages/debian-image/src/debian/archive/package.ts';
import { inParallel } from '../../../packages/debian-image/src/host/in-parallel.ts';
import { command, run } from '../../../packages/debian-image/src/host/index.ts';
import type { Progress } from '../../../packages/report/src/index.ts';
import { digestIn } from './release.ts';
import { fetchFile, has } from './upstream.ts';

export interface UdebOptions {
  /** The address of the main archive. */
  readonly main: string;
  /** The paragraphs of the ordinary packages' index. */
  readonly ordinary: readonly string[];
  /** A folder to work in. */
  readonly folder: string;
  readonly progress: Progress;
}

/** The installer's index of packages without gaps, and the packages that were made for it, by their path below the archive. */
export interface FilledIndex {
  readonly text: string;
  readonly made: ReadonlyMap<string, Buffer>;
}

/** What a package of the installer has more of than the ordinary one of its name, or that it is a part of. */
const madeOf: Readonly<Record<string, readonly string[]>> = {
  'e2fsprogs-udeb': ['e2fsprogs', 'libext2fs2', 'libcom-err2', 'libss2'],
  'libcrypto3-udeb': ['libssl3'],
};

/** What no unattended installation on a serial console loads, and modules, which no ordinary package has in parts. */
const unneeded =
  /-modules-|^kernel-image|^fonts-|gtk|cairo|pango|xorg|xserver|speakup|^edu-|^nic-|^atk|^libatspi|at-spi|^libglib|^debian-edu|asound|brltty|espeak/;

/** Fields that say of what a package of the installer is a part; the others are made anew. */
const kept = [
  'Package',
  'Source',
  'Version',
  'Architecture',
  'Maintainer',
  'Depends',
  'Provides',
  'Section',
  'Priority',
  'Installer-Menu-Item',
  'Description',
];

/** The mirror is asked for so many packages at once. */
const atOnce = 12;

/**
 * Makes the packages of the installer that a mirror's index names and the mirror does not have, each out of the ordinary package of the same
 * name. What cannot be made is left out of the index, for the installer would fetch some of it for no other reason than that it is there.
 */
export async function fillUdebs(index: string, options: UdebOptions): Promise<FilledIndex> {
  const made = new Map<string, Buffer>();
  const stanzas = await inParallel(atOnce, paragraphs(index), async (stanza) => {
    const path = field(stanza, 'Filename') ?? '';
    if (await has(`${options.main}/${path}`)) return [stanza];
    const bytes = unneeded.test(field(stanza, 'Package') ?? '') ? undefined : await makeUdeb(stanza, options);
    if (bytes === undefined) return [];
    made.set(path, bytes);
    return [withDigests(stanza, bytes)];
  });
  return { text: `${stanzas.flat().join('\n\n')}\n\n`, made };
}

async function makeUdeb(stanza: string, { main, ordinary, folder, progress }: UdebOptions): Promise<Buffer | undefined> {
  const name = field(stanza, 'Package') ?? '';
  const find = (wanted: string): string | undefined => {
    const names = new Set([wanted, `${wanted}t64`]);
    return ordinary.find((candidate) => names.has(field(candidate, 'Package') ?? ''));
  };
  const sources = (madeOf[name] ?? [name.replace(/-udeb$/, '')]).map(find);
  const [source] = sources;
  if (source === undefined) {
    progress.warn(`${name}: not on the mirror, and there is no package to make it of`);
    return undefined;
  }
  const tree = join(folder, name);
  for (const part of sources.filter((one) => one !== undefined)) {
    const path = field(part, 'Filename') ?? '';
    // two packages may be parts of one
    const fetched = join(folder, `${name}-${basename(path)}`);
    await fetchFile(`${main}/${path}`, fetched);
    await run(command('dpkg-deb', ['--extract', fetched, tree]), { doing: `unpacking ${path}` });
  }
  for (const part of ['doc', 'man', 'locale', 'lintian', 'bash-completion'])
    await rm(join(tree, 'usr/share', part), { recursive: true, force: true });
  await mkdir(join(tree, 'DEBIAN'), { recursive: true });
  await writeFile(
    join(tree, 'DEBIAN/control'),
    kept.flatMap((key) => (field(stanza, key) === undefined ? [] : [`${key}: ${field(stanza, key)}\n`])).join(''),
  );
  const built = join(folder, `${name}.udeb`);
  await run(command('dpkg-deb', ['-Zxz', '--root-owner-group', '--build', tree, built]), { doing: `making ${name}` });
  const of = field(source, 'Version');
  progress.note(`made ${name} ${field(stanza, 'Version')} out of ${field(source, 'Package')} ${of}`);
  return readFile(built);
}

function withDigests(stanza: string, bytes: Buffer): string {
  const set = (text: string, key: string, value: string): string => text.replace(new RegExp(`^${key}: .*$`, 'm'), `${key}: ${value}`);
  return set(set(set(stanza, 'Size', String(bytes.length)), 'SHA256', digestIn('sha256', bytes)), 'MD5sum', digestIn('md5', bytes));
}
