import { mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Failure, silent, suggest } from '@nx-debian-image/report';
import { canonicalJson } from './canonical-json.ts';
import { digestOf } from './digest.ts';
import { inFolder, unlessMissing } from './file-errors.ts';
import { removeLeftovers, removePlainly } from './leftovers.ts';
import { type Descriptor, type Manifest, titleAnnotation } from './manifest.ts';
import { ownedName } from './owner.ts';
import { parseJson } from './parse-json.ts';
import { parseManifest } from './parse-manifest.ts';
import type { Store } from './store.ts';

/** What a stage wants to leave. */
export interface ArtifactDraft {
  /** The stage's name, part of the artifact's type. */
  readonly stage: string;
  /** The stage's facts, as JSON. */
  readonly config: unknown;
  /** Its blobs, each with the file name that people see. */
  readonly blobs: readonly { readonly name: string; readonly descriptor: Descriptor }[];
}

/** What a stage has left. */
export interface Artifact {
  readonly manifest: Manifest;
  /** The manifest itself as a blob: its digest stands for the whole artifact. */
  readonly descriptor: Descriptor;
  /** The stage's facts. */
  readonly config: unknown;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** The artifact type of a stage. */
export function artifactType(stage: string): string {
  return `application/vnd.nx-debian-image.${stage}.v1`;
}

/**
 * Leaves an artifact in a folder, replacing all that was there: `manifest.json`, `config.json`, and a relative symlink into the store
 * for each blob. Both files are also blobs of the store. Equal drafts give equal bytes. The folder appears by rename; a killed run
 * leaves the old artifact, or none.
 */
export async function writeArtifact(folder: string, store: Store, draft: ArtifactDraft): Promise<Artifact> {
  const type = artifactType(draft.stage);
  const configText = canonicalJson(draft.config);
  const config = await store.putBytes(configText, type.replace(/\.v1$/, '.config.v1+json'));
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType: type,
    config,
    layers: draft.blobs.map(({ name, descriptor }) => ({
      ...descriptor,
      annotations: { ...descriptor.annotations, [titleAnnotation]: checkName(name) },
    })),
  };
  const manifestText = canonicalJson(manifest);
  const descriptor = await store.putBytes(manifestText, manifestType);
  await inFolder(dirname(resolve(folder)), () => replace(resolve(folder), store, manifest, { manifest: manifestText, config: configText }));
  return { manifest, descriptor, config: JSON.parse(configText) as unknown };
}

/** The two texts that an artifact is: what `manifest.json` and `config.json` have. */
export interface ArtifactTexts {
  readonly manifest: string;
  readonly config: string;
}

/**
 * Leaves an artifact in a folder that came as its texts from elsewhere, its blobs not asked for. Failure `bad-digest` where they are none of that
 * stage, or do not belong together; what was in the folder stays then.
 */
export async function restoreArtifact(folder: string, store: Store, stage: string, texts: ArtifactTexts): Promise<Artifact> {
  const manifest = parseManifest(texts.manifest, folder);
  const names = manifest.layers.map(({ annotations }) => annotations?.[titleAnnotation]);
  const whole = manifest.artifactType === artifactType(stage) && digestOf(texts.config) === manifest.config.digest;
  const config = parseJson(texts.config);
  if (!whole || config === undefined || !names.every(isName) || new Set(names).size < names.length) {
    throw new Failure('bad-digest', `this is not what ${stage} leaves`, { where: folder });
  }
  await store.putBytes(texts.config, manifest.config.mediaType);
  const descriptor = await store.putBytes(texts.manifest, manifest.mediaType);
  await inFolder(dirname(resolve(folder)), () => replace(resolve(folder), store, manifest, texts));
  return { manifest, descriptor, config };
}

/** Reads an artifact; undefined where there is none. Failure `bad-digest` where it is damaged or only half there. */
export async function readArtifact(folder: string): Promise<Artifact | undefined> {
  const text = await unlessMissing(readFile(join(folder, 'manifest.json'), 'utf8'));
  if (text === undefined) return undefined;
  const manifest = parseManifest(text, join(folder, 'manifest.json'));
  const config = await unlessMissing(readFile(join(folder, 'config.json')));
  if (config === undefined || digestOf(config) !== manifest.config.digest) {
    throw new Failure('bad-digest', `${folder} is not whole: its config.json is ${config === undefined ? 'missing' : 'another one'}`, {
      hint: 'Remove this folder; it is made again.',
    });
  }
  const descriptor = { mediaType: manifest.mediaType, digest: digestOf(text), size: Buffer.byteLength(text) };
  return { manifest, descriptor, config: JSON.parse(config.toString('utf8')) as unknown };
}

/** Removes an artifact, its manifest first, so that what a kill leaves is none. */
export async function removeArtifact(folder: string): Promise<void> {
  await rm(join(folder, 'manifest.json'), { force: true });
  await removePlainly(folder);
}

/** The blob of an artifact by its human name. Failure `not-found`. */
export function blobNamed({ manifest }: Pick<Artifact, 'manifest'>, name: string): Descriptor {
  const blob = manifest.layers.find(({ annotations }) => annotations?.[titleAnnotation] === name);
  if (blob) return blob;
  const names = manifest.layers.map(({ annotations }) => annotations?.[titleAnnotation] ?? '');
  const hint = suggest(name, names);
  throw new Failure('not-found', `${manifest.artifactType} has no ${name}, only ${names.join(', ') || 'no blobs'}`, hint ? { hint } : {});
}

async function replace(folder: string, store: Store, manifest: Manifest, texts: ArtifactTexts): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const prefix = `.${basename(folder)}.`;
  await removeLeftovers(parent, removePlainly, silent, prefix);
  // A link is followed from where its folder really is.
  const place = join(await realpath(parent), basename(folder));
  const blobs = await realpath(store.folder);
  const next = join(parent, `${prefix}${await ownedName()}`);
  try {
    await mkdir(next);
    for (const { digest, annotations } of manifest.layers) {
      const target = join(blobs, relative(store.folder, store.blobPath(digest)));
      await symlink(relative(place, target), join(next, annotations![titleAnnotation]!));
    }
    await writeFile(join(next, 'config.json'), texts.config);
    await writeFile(join(next, 'manifest.json'), texts.manifest);
    await removeArtifact(folder);
    await rename(next, folder);
  } finally {
    await removePlainly(next);
  }
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && /^[^/.\0][^/\0]*$/.test(name) && !['manifest.json', 'config.json'].includes(name);
}

function checkName(name: string): string {
  if (isName(name)) return name;
  throw new Error(`${JSON.stringify(name)} cannot name a blob`);
}
