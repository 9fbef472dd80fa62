import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As much of an image.json as its project needs. Everything else is for the stages, which check the file thoroughly. */
export interface ImageFile {
  readonly description: string | undefined;
  readonly release: string | undefined;
  readonly architecture: string;
  /** The files and folders that go into the image or run in it, relative to its folder. */
  readonly sources: readonly string[];
  readonly keyring: string | undefined;
  /** Whether it is made by debian-installer, which is still to come. */
  readonly installer: boolean;
  /** Whether a user has sudo. */
  readonly sudo: boolean;
  /** Why the file cannot be read as an image, in one line. */
  readonly problem: string | undefined;
}

/**
 * Reads an image.json, however broken: the graph of a workspace must not fail for one image, so a problem is told here and is an
 * error only of that image's stages. Undefined for a file of another tool that happens to have the name.
 */
export function readImageFile(folder: string): ImageFile | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8'));
  } catch (error) {
    return { ...nothingKnown, problem: error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error) };
  }
  if (!isRecord(parsed)) return { ...nothingKnown, problem: 'it must be an object' };
  if (!('release' in parsed) && text(parsed['$schema'])?.endsWith('image.schema.json') !== true) return undefined;
  const { description, release, arch, install, files, scripts, users } = parsed;
  return {
    description: text(description),
    release: text(release),
    architecture: text(arch) ?? 'amd64',
    sources: [...list(files).map((file) => (isRecord(file) ? text(file['source']) : undefined)), ...list(scripts).map(text)].filter(
      (source) => source !== undefined,
    ),
    sudo: list(users).some((user) => isRecord(user) && user['sudo'] === true),
    keyring: isRecord(install) ? text(install['keyring']) : undefined,
    installer: isRecord(install) && install['method'] === 'installer',
    problem: text(release) === undefined ? '"release" must say which Debian release the image is made of' : undefined,
  };
}

const nothingKnown = {
  description: undefined,
  release: undefined,
  architecture: 'amd64',
  sources: [],
  keyring: undefined,
  installer: false,
  sudo: false,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
