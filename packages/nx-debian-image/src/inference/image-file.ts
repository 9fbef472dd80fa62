import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type FileKind = 'image' | 'profile';

/** As much of an image.json or profile.json as its project needs. Everything else is for the stages, which check the files thoroughly. */
export interface ImageFile {
  readonly description: string | undefined;
  readonly release: string | undefined;
  readonly architecture: string | undefined;
  /** The image that this one starts from. */
  readonly from: string | undefined;
  readonly profiles: readonly string[];
  /** Profiles that it leaves out. */
  readonly withoutProfiles: readonly string[];
  /** The keys that it has. */
  readonly fields: ReadonlySet<string>;
  /** The files and folders that go into the image or run in it, relative to its folder. */
  readonly sources: readonly string[];
  /** The files and folders that install reads, relative to its folder: a keyring, an installer of its own. */
  readonly installFiles: readonly string[];
  /** Whether it is made by debian-installer. */
  readonly installer: boolean;
  /** Whether a user has sudo. */
  readonly sudo: boolean;
  /** What its disk is published as, to boot by itself. */
  readonly bare: readonly string[];
  /** Whether its upload waits until it has been verified; undefined where it does not say. */
  readonly verifyBeforeUpload: boolean | undefined;
  /** Why the file cannot be read as what it is, in one line. */
  readonly problem: string | undefined;
}

/**
 * Reads an image.json or profile.json, however broken: the graph of a workspace must not fail for one image, so a problem is told here and
 * is an error only of that image's stages. Undefined for a file of another tool that happens to have the name.
 */
export function readImageFile(folder: string, kind: FileKind = 'image'): ImageFile | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8'));
  } catch (error) {
    return unreadable(error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error));
  }
  if (!isRecord(parsed)) return unreadable('it must be an object');
  if (!isMeant(parsed, kind, folder)) return undefined;
  const { description, release, arch, from, profiles, remove, install, files, scripts, users, disk, verify } = parsed;
  return {
    description: text(description),
    release: text(release),
    architecture: text(arch),
    from: text(from),
    profiles: texts(profiles),
    withoutProfiles: isRecord(remove) ? texts(remove['profiles']) : [],
    fields: new Set(Object.keys(parsed)),
    sources: [...list(files).map((file) => (isRecord(file) ? text(file['source']) : undefined)), ...list(scripts).map(text)].filter(
      (source) => source !== undefined,
    ),
    sudo: list(users).some((user) => isRecord(user) && user['sudo'] === true),
    bare: isRecord(disk) ? texts(disk['bare']) : [],
    verifyBeforeUpload: isRecord(verify) && typeof verify['beforeUpload'] === 'boolean' ? verify['beforeUpload'] : undefined,
    installFiles: installFiles(install),
    installer: isRecord(install) && install['method'] === 'installer',
    problem:
      kind === 'image' && text(release) === undefined && text(from) === undefined
        ? '"release" must say which Debian release the image is made of'
        : undefined,
  };
}

/** Of an installer elsewhere than in the image's folder Nx can know nothing. */
function installFiles(install: unknown): string[] {
  if (!isRecord(install)) return [];
  const { keyring, installer } = install;
  const source = isRecord(installer) ? text(installer['source']) : undefined;
  const inside = source === undefined || /^(?:\/|\w+:\/\/|(?:.*\/)?\.\.(?:\/|$))/.test(source) ? undefined : source;
  return [text(keyring), inside].filter((path) => path !== undefined);
}

function isMeant(parsed: Record<string, unknown>, kind: FileKind, folder: string): boolean {
  if (text(parsed['$schema'])?.endsWith(`${kind}.schema.json`) === true) return true;
  return kind === 'image' ? 'release' in parsed || 'from' in parsed : /(?:^|\/)profiles\/[^/]+$/.test(folder);
}

function unreadable(problem: string): ImageFile {
  return {
    description: undefined,
    release: undefined,
    architecture: undefined,
    from: undefined,
    profiles: [],
    withoutProfiles: [],
    fields: new Set(),
    sources: [],
    installFiles: [],
    installer: false,
    sudo: false,
    bare: [],
    verifyBeforeUpload: undefined,
    problem,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): string[] {
  return list(value)
    .map(text)
    .filter((item) => item !== undefined);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
