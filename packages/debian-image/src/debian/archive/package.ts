/** A package as the signed index of an archive describes it; `size` in bytes, `uri` where it can be had. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly sha256: string;
  readonly size: number;
  /** The path below the mirror's base address: `pool/main/b/bash/...`. */
  readonly path: string;
  readonly uri: string;
  /** Its paragraph in the index, without the end of line. */
  readonly stanza: string;
}

/** What identifies a package and where it was: all that an artifact or a lock says of it. */
export type LockedPackage = Pick<Package, 'name' | 'version' | 'architecture' | 'sha256' | 'size' | 'path'>;

/** The part of a package that is no fact of a mirror or an index. */
export function lockedPackage({ name, version, architecture, sha256, size, path }: LockedPackage): LockedPackage {
  return { name, version, architecture, sha256, size, path };
}

/** The part of an archive that a package or suite is of: Debian keeps security updates in a tree of their own. */
export type ArchivePart = 'main' | 'security';

/**
 * All that an installation must know of a package: what identifies it, where it is, and what the archive says of it in place of
 * the package itself, which decides what apt takes for required and in which order it installs.
 */
export interface PinnedPackage extends LockedPackage {
  readonly archive: ArchivePart;
  readonly priority: string;
  readonly section: string;
}

/** The part of a package that a lock holds, of one that comes from this mirror. */
export function pinnedPackage(entry: Package, { main, security }: { readonly main: string; readonly security: string }): PinnedPackage {
  // a mirror may serve both parts from one address; then the layout of Debian's pool tells them apart
  const fromSecurity = main === security ? entry.path.startsWith('pool/updates/') : entry.uri.startsWith(`${security}/`);
  return {
    ...lockedPackage(entry),
    archive: fromSecurity ? 'security' : 'main',
    priority: field(entry.stanza, 'Priority') ?? '',
    section: field(entry.stanza, 'Section') ?? '',
  };
}

/** The paragraphs of a Debian control file (deb822), without empty ones. */
export function paragraphs(text: string): string[] {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}

/** The first line of a field of a paragraph. */
export function field(paragraph: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)$`, 'm').exec(paragraph)?.[1];
}

/** The file name under which apt keeps a package: an epoch's colon is written `%3a`. */
export function fileName({ name, version, architecture }: Pick<Package, 'name' | 'version' | 'architecture'>): string {
  return `${name}_${version.replaceAll(':', '%3a')}_${architecture}.deb`;
}

/** What `apt-get --print-uris` says of a package. */
export interface PrintedUri {
  readonly uri: string;
  readonly file: string;
}

/** The parts of a line of `apt-get --print-uris`: `'URI' FILE SIZE HASH`. */
export function parsePrintedUris(text: string): PrintedUri[] {
  return [...text.matchAll(/^'([^']+)' (\S+) \d+ /gm)].map(([, uri, file]) => ({ uri: uri!, file: file! }));
}

/** Joins what apt chose (addresses) with the index's paragraphs; packages come sorted by name. */
export function joinPackages(printed: readonly PrintedUri[], stanzas: readonly string[]): Package[] {
  const byFile = new Map<string, string>();
  for (const stanza of stanzas) {
    const [name, version, architecture] = ['Package', 'Version', 'Architecture'].map((key) => field(stanza, key) ?? '');
    byFile.set(fileName({ name: name!, version: version!, architecture: architecture! }), stanza);
  }
  const packages = printed.map(({ uri, file }): Package => {
    const stanza = byFile.get(file);
    if (stanza === undefined) throw new Error(`apt chose ${file} but does not show it`);
    const value = (key: string): string => field(stanza, key) ?? '';
    return {
      name: value('Package'),
      version: value('Version'),
      architecture: value('Architecture'),
      sha256: value('SHA256'),
      size: Number(value('Size')),
      path: value('Filename'),
      uri,
      stanza,
    };
  });
  return packages.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The paragraphs of the packages that a status file of dpkg has as installed. */
export function installedParagraphs(status: string): string[] {
  return paragraphs(status).filter((paragraph) => field(paragraph, 'Status')?.endsWith(' ok installed'));
}
