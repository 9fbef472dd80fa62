import { mkdir, open, readFile, rename, rm, lstat, stat, utimes } from 'node:fs/promises';
import { createReadStream, type Stats } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Failure, type Progress, silent } from '@nx-debian-image/report';
import { chunksOf, digestOf, type Hashed, hashFile, hexOf } from './digest.ts';
import { codeOf, inFolder, unlessMissing } from './file-errors.ts';
import { type Remove, removeLeftovers, removePlainly } from './leftovers.ts';
import { layOut } from './layout.ts';
import { holdLock, type Lock, type LockOptions } from './lock.ts';
import { type Descriptor, type Digest, octetStream } from './manifest.ts';
import { ownedName } from './owner.ts';
import { writeSparse } from './sparse-file.ts';

export interface StoreOptions {
  /** Removes scratch folders; give one that can where they hold files of subordinate uids. */
  readonly remove?: Remove;
  /** Hears of corrupt blobs, and of leftovers that cannot be removed. */
  readonly progress?: Progress;
  /** A store from which `has` takes what it is asked for and does not find here, verified; what was made of it is not taken. */
  readonly beside?: Store;
}

export interface PutOptions {
  /** The digest that the bytes must have; otherwise Failure `bad-digest`, and nothing is stored. */
  readonly expect?: Digest;
  /** `application/octet-stream` where not given. */
  readonly mediaType?: string;
  /** Hears of every piece of bytes hashed or copied, for a meter. */
  readonly onBytes?: (count: number) => void;
  /** Whether it has to outlast a loss of power, as everything does but what is hashed before each use (`verify`). */
  readonly durable?: boolean;
}

/** A folder for unfinished work inside the store's file system, so that what is finished there moves into the store by rename. */
export interface Scratch {
  readonly folder: string;
  dispose(): Promise<void>;
}

/**
 * Blobs by digest in an OCI image layout, https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md, shared by all
 * processes and checkouts of this machine. A blob appears whole, by rename, and never changes (mode 0444). What is in use is known
 * to the artifacts alone, so index.json lists nothing. Beside the layout: `scratch`, `locks` and `corrupt`.
 */
export class Store {
  readonly folder: string;
  readonly #remove: Remove;
  readonly #progress: Progress;
  readonly #beside: Store | undefined;
  readonly #openedMs = Date.now();
  #addedBytes = 0;

  private constructor(folder: string, { remove = removePlainly, progress = silent, beside }: StoreOptions) {
    this.folder = folder;
    this.#remove = remove;
    this.#progress = progress;
    this.#beside = beside;
  }

  /** Opens the store in a folder, made where it is not there, and removes what killed runs left. Failures: `invalid`, `no-space`. */
  static async open(folder: string, options: StoreOptions = {}): Promise<Store> {
    const store = new Store(resolve(folder), options);
    await inFolder(store.folder, () => layOut(store.folder));
    await removeLeftovers(join(store.folder, 'scratch'), store.#remove, store.#progress);
    return store;
  }

  /** The bytes on disk of the blobs that came in through this instance; asking for them begins anew at 0. */
  takeAddedBytes(): number {
    const added = this.#addedBytes;
    this.#addedBytes = 0;
    return added;
  }

  /** Where a blob is, or would be. */
  blobPath(digest: Digest): string {
    return join(this.folder, 'blobs', 'sha256', hexOf(digest));
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.#use(digest)) !== undefined || this.#takeFromBeside(digest);
  }

  /** The bytes of a blob. Failure `not-found`. */
  async sizeOf(digest: Digest): Promise<number> {
    const found = await this.#use(digest);
    if (found === undefined) throw this.#lacks(digest);
    return found.size;
  }

  /** Those of some blobs that are not here (or not of their size). */
  async missing(descriptors: Iterable<Descriptor>): Promise<Descriptor[]> {
    const absent: Descriptor[] = [];
    for (const descriptor of descriptors) if (!(await this.#holds(descriptor))) absent.push(descriptor);
    return absent;
  }

  /** Moves a finished file in, hashing it; from another file system it is copied, with its holes, and removed. Failures: `bad-digest`, `no-space`. */
  async putFile(path: string, options: PutOptions = {}): Promise<Descriptor> {
    if (!(await this.#canMove(path))) return this.#copyIn(path, options);
    const hashed = await hashFile(path, options.onBytes);
    expectDigest(hashed, options.expect, path);
    return this.#publish(path, hashed, options.mediaType, options.durable === false);
  }

  /** Moves a finished file in whose digest the caller knows from writing it; only its size is looked at. Failures: `bad-digest`, `no-space`. */
  async adopt(path: string, digest: Digest, size: number, mediaType?: string): Promise<Descriptor> {
    const found = (await lstat(path)).size;
    if (found !== size) throw new Failure('bad-digest', `${path} has ${found} bytes instead of ${size}`);
    if (await this.#canMove(path)) return this.#publish(path, { digest, size }, mediaType);
    return this.#copyIn(path, { expect: digest, ...(mediaType === undefined ? {} : { mediaType }) });
  }

  /** Stores what a stream gives, with holes where it gives zeros. Failures: `bad-digest`, `no-space`; the stream's own errors. */
  async putStream(readable: Readable, options: PutOptions = {}): Promise<Descriptor> {
    // It may fail before the first byte is asked for; reading it then gives the error, which no one else has to hear.
    readable.on('error', () => undefined);
    return this.#write(readable, 'the stream', options);
  }

  /** Stores bytes in memory; text as UTF-8. */
  async putBytes(bytes: Uint8Array | string, mediaType: string): Promise<Descriptor> {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    const hashed = { digest: digestOf(buffer), size: buffer.length };
    if (await this.#holds(hashed)) return { mediaType, ...hashed };
    return this.#write(only(buffer), 'the bytes', { mediaType });
  }

  /** A whole blob, meant for small ones. Failure `not-found`. */
  async read(digest: Digest): Promise<Buffer> {
    const bytes = await unlessMissing(readFile(this.blobPath(digest)));
    if (bytes === undefined) throw this.#lacks(digest);
    return bytes;
  }

  /** A blob as a stream, which fails with `ENOENT` where it is not there. */
  stream(digest: Digest): Readable {
    return createReadStream(this.blobPath(digest), { highWaterMark: 1 << 20 });
  }

  /** Hashes a blob again: whether it is here and right. A corrupt one is moved to `corrupt`, with a warning. */
  async verify(digest: Digest, onBytes?: (count: number) => void): Promise<boolean> {
    const path = this.blobPath(digest);
    const hashed = (await this.#use(digest)) && (await unlessMissing(hashFile(path, onBytes)));
    if (hashed === undefined) return this.#takeFromBeside(digest);
    if (hashed.digest === digest) return true;
    const away = join(this.folder, 'corrupt', `${hexOf(digest)}-${await ownedName()}`);
    await inFolder(this.folder, () => mkdir(join(this.folder, 'corrupt'), { recursive: true }));
    await unlessMissing(rename(path, away));
    this.#progress.warn(`the blob ${digest} was corrupt and is now ${away}; what needs it will make it again`);
    return false;
  }

  /** A new empty scratch folder; should this process be killed, the next `open` removes it. */
  async scratch(): Promise<Scratch> {
    const folder = join(this.folder, 'scratch', await ownedName());
    await inFolder(this.folder, () => mkdir(folder));
    return { folder, dispose: () => this.#remove(folder) };
  }

  /** Holds a lock of this store, such as one per image: see `holdLock`. */
  holdLock(name: string, options: LockOptions = {}): Promise<Lock> {
    return holdLock(join(this.folder, 'locks'), name, { progress: this.#progress, ...options });
  }

  #lacks(digest: Digest): Failure {
    return new Failure('not-found', `the store ${this.folder} does not hold ${digest}`);
  }

  async #takeFromBeside(digest: Digest): Promise<boolean> {
    if (!(await this.#beside?.verify(digest))) return false;
    await this.#write(this.#beside!.stream(digest) as AsyncIterable<Buffer>, digest, { expect: digest });
    return true;
  }

  async #holds({ digest, size }: Hashed): Promise<boolean> {
    return (await this.#use(digest))?.size === size;
  }

  /**
   * Looks for a blob and notes that it is in use, once for each opening of the store, by its access time: it goes with the blob, and its time of
   * change, which a catalog shares that has linked it, stays. Undefined where there is none.
   */
  async #use(digest: Digest): Promise<Stats | undefined> {
    const path = this.blobPath(digest);
    const found = await unlessMissing(stat(path));
    if (found === undefined || found.atimeMs >= this.#openedMs) return found;
    try {
      await utimes(path, new Date(), found.mtime);
    } catch (error) {
      // Collected in this moment; or a blob of another user, who alone may note that.
      if (codeOf(error) === 'ENOENT') return undefined;
      if (!['EPERM', 'EACCES', 'EROFS'].includes(codeOf(error) ?? '')) throw error;
    }
    return found;
  }

  /** A file with a second name could be changed under that name, so it is not moved. */
  async #canMove(path: string): Promise<boolean> {
    const stats = await lstat(path);
    if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
    return stats.nlink === 1 && stats.dev === (await stat(this.folder)).dev;
  }

  async #copyIn(path: string, options: PutOptions): Promise<Descriptor> {
    const descriptor = await this.#write(chunksOf(path), path, options);
    await rm(path, { force: true });
    return descriptor;
  }

  async #write(source: AsyncIterable<Uint8Array>, what: string, { expect, mediaType, onBytes }: PutOptions): Promise<Descriptor> {
    const temporary = join(this.folder, 'scratch', await ownedName());
    try {
      const hashed = await writeSparse(source, temporary, onBytes);
      expectDigest(hashed, expect, what);
      return await this.#publish(temporary, hashed, mediaType, true);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #publish(path: string, hashed: Hashed, mediaType = octetStream, synced = false): Promise<Descriptor> {
    const descriptor = { mediaType, ...hashed };
    if (await this.#holds(hashed)) {
      // The one that is here stays: others may have linked it.
      await rm(path, { force: true });
      return descriptor;
    }
    await inFolder(this.folder, async () => {
      const handle = await open(path, 'r');
      try {
        await handle.chmod(0o444);
        // whole seconds, so that noting a use can leave it as it is
        await handle.utimes(new Date(), Math.floor(Date.now() / 1000));
        if (!synced) await handle.sync();
        this.#addedBytes += (await handle.stat()).blocks * bytesOfBlock;
      } finally {
        await handle.close();
      }
    });
    try {
      await rename(path, this.blobPath(hashed.digest));
    } catch (error) {
      // A bind mount of the same file system.
      if (codeOf(error) !== 'EXDEV') throw error;
      return this.#copyIn(path, { expect: hashed.digest, mediaType });
    }
    return descriptor;
  }
}

/** What stat(2) counts `st_blocks` in. */
const bytesOfBlock = 512;

function expectDigest(hashed: Hashed, expect: Digest | undefined, what: string): void {
  if (expect === undefined || hashed.digest === expect) return;
  throw new Failure('bad-digest', `${basename(what)} is not what was expected: ${hashed.digest} instead of ${expect}`, {
    where: what,
    hint: 'It was damaged on its way, or its source has changed.',
  });
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
