/** What an input says that is in no hash of files: of the folder of an image or profile, or of an image in the catalog. */
export interface Unhashed {
  readonly kind: 'files' | 'published';
  /** The folder from the workspace's root, or the name of the project. */
  readonly name: string;
}

const prefix = { files: 'DEBIAN_IMAGE_FILES_', published: 'DEBIAN_IMAGE_PUBLISHED_' };

/** The environment variable that carries it into Nx's keys. Every byte but letters and digits is written as `_` and two hexadecimal digits. */
export function variableOf({ kind, name }: Unhashed): string {
  const bytes = [...Buffer.from(name)].map((byte) => {
    const character = String.fromCodePoint(byte);
    return /[A-Za-z0-9]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
  });
  return prefix[kind] + bytes.join('');
}

/** What a variable carries; undefined for any other variable. */
export function carriedBy(variable: string): Unhashed | undefined {
  for (const kind of ['files', 'published'] as const) {
    if (!variable.startsWith(prefix[kind])) continue;
    const escaped = variable.slice(prefix[kind].length).replaceAll('_', '%');
    return { kind, name: decodeURIComponent(escaped) };
  }
  return undefined;
}
