import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Artifact,
  type ArtifactTexts,
  canonicalJson,
  type Digest,
  digestOf,
  type Hashed,
  parseJson,
  type Store,
} from '@nx-debian-image/artifact-store';
import type { Repository } from '@nx-debian-image/registry';
import { Failure } from '@nx-debian-image/report';
import { z } from 'zod';
import { packBlob, unpackBlob } from './pack.ts';
import { recallPacked, rememberPacked } from './packed.ts';
import type { PackedBlob } from './result.ts';

/** What bytes are moved between. */
export interface Transfer {
  readonly repository: Repository;
  readonly store: Store;
  readonly signal: AbortSignal;
  /** Of which blobs the registry has wrong bytes. It keeps those under their digest, so they are packed otherwise. */
  readonly bad: Set<Digest>;
  /** Hears of a blob that is not as it should be, which is no reason to leave the others. */
  readonly complain: (failure: Failure) => void;
}

const textsSchema = z.object({ manifest: z.string(), config: z.string() });

/** More than the texts of any stage have, in bytes. */
const mostTextBytes = 64 << 20;

/** Fetches a blob into the store; one that is not right is told and left. */
export async function pullBlob({ raw, packed }: PackedBlob, transfer: Transfer, onBytes: (count: number) => void): Promise<void> {
  const { repository, store, signal } = transfer;
  await inScratch(store, async (folder) => {
    const path = join(folder, 'packed');
    try {
      await repository.pull(packed, path, { onBytes });
      await unpackBlob(store, raw, { ...packed, path }, signal);
      await rememberPacked(store, repository.name, raw.digest, packed);
    } catch (error) {
      if (!(error instanceof Failure) || !['bad-digest', 'not-found'].includes(error.reason)) throw error;
      transfer.bad.add(raw.digest);
      transfer.complain(error);
    }
  });
}

/** Pushes a blob of the store, unless the registry has it; gives it as the registry has it. Failure `not-found` where the store lacks it. */
export async function pushBlob(raw: Hashed, transfer: Transfer, onBytes: (count: number) => void): Promise<PackedBlob> {
  const { repository, store, signal, bad } = transfer;
  const anew = bad.has(raw.digest);
  const known = anew ? undefined : await recallPacked(store, repository.name, raw.digest);
  if (known !== undefined && (await repository.sizeOf(known.digest)) === known.size) return { raw, packed: known };
  await store.sizeOf(raw.digest);
  return inScratch(store, async (folder) => {
    const { path, ...packed } = await packBlob(store, raw, { path: join(folder, 'packed'), anew, signal });
    await repository.push(packed, path, { onBytes });
    await rememberPacked(store, repository.name, raw.digest, packed);
    return { raw, packed };
  });
}

/** The texts of an artifact from the config of a result. Failure `bad-digest` where they are none. */
export async function pullTexts(config: Hashed, { repository, store, bad }: Transfer): Promise<ArtifactTexts> {
  try {
    if (config.size > mostTextBytes) throw new Failure('bad-digest', `the facts of a stage have ${config.size} bytes`);
    const text = await inScratch(store, async (folder) => {
      const path = join(folder, 'texts');
      await repository.pull(config, path);
      return readFile(path, 'utf8');
    });
    return parseTexts(text);
  } catch (error) {
    if (error instanceof Failure && error.reason === 'bad-digest') bad.add(config.digest);
    throw error;
  }
}

/** Pushes the texts of an artifact as the config of a result. */
export async function pushTexts({ descriptor, manifest }: Artifact, { repository, store, bad }: Transfer): Promise<Hashed> {
  const texts = {
    manifest: (await store.read(descriptor.digest)).toString('utf8'),
    config: (await store.read(manifest.config.digest)).toString('utf8'),
  };
  const usual = canonicalJson(texts);
  const text = bad.has(digestOf(usual)) ? canonicalJson({ ...texts, anew: randomUUID() }) : usual;
  const hashed = { digest: digestOf(text), size: Buffer.byteLength(text) };
  await inScratch(store, async (folder) => {
    const path = join(folder, 'texts');
    await writeFile(path, text);
    await repository.push(hashed, path);
  });
  return hashed;
}

function parseTexts(text: string): ArtifactTexts {
  const parsed = textsSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Failure('bad-digest', 'the facts of a stage are no such facts');
}

async function inScratch<T>(store: Store, work: (folder: string) => Promise<T>): Promise<T> {
  const scratch = await store.scratch();
  try {
    return await work(scratch.folder);
  } finally {
    await scratch.dispose();
  }
}
