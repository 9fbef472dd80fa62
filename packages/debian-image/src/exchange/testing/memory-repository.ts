import { readFile, stat, writeFile } from 'node:fs/promises';
import { type Digest, digestOf } from '@nx-debian-image/artifact-store';
import type { Repository } from '@nx-debian-image/registry';
import { Failure } from '@nx-debian-image/report';

/** A repository in memory, with what happened to it. */
export class MemoryRepository implements Repository {
  readonly name = 'registry.example/team/images';
  readonly manifests = new Map<string, Buffer>();
  readonly blobs = new Map<Digest, Buffer>();
  /** What was asked, such as `manifest install-1` and `pull 12`. */
  readonly asked: string[] = [];
  /** What every request fails with. */
  failure: Failure | undefined;

  async manifest(reference: string): ReturnType<Repository['manifest']> {
    this.#ask(`manifest ${reference}`);
    const bytes = this.manifests.get(reference);
    return bytes && { bytes, digest: digestOf(bytes), mediaType: 'application/vnd.oci.image.manifest.v1+json' };
  }

  async putManifest(reference: string, bytes: Uint8Array): Promise<Digest> {
    this.#ask(`put ${reference}`);
    this.manifests.set(reference, Buffer.from(bytes));
    return digestOf(bytes);
  }

  async sizeOf(digest: Digest): Promise<number | undefined> {
    this.#ask('size');
    return this.blobs.get(digest)?.length;
  }

  async pull(blob: { digest: Digest; size: number }, path: string): Promise<void> {
    this.#ask(`pull ${blob.size}`);
    const bytes = this.blobs.get(blob.digest);
    if (bytes === undefined) throw new Failure('not-found', 'the registry has no such blob');
    if (digestOf(bytes) !== blob.digest) throw new Failure('bad-digest', 'the registry gave other bytes');
    await writeFile(path, bytes);
  }

  async push(blob: { digest: Digest; size: number }, path: string): Promise<void> {
    if (this.blobs.has(blob.digest)) return this.#ask('push nothing');
    this.#ask(`push ${blob.size}`);
    if ((await stat(path)).size !== blob.size) throw new Error('the file has another size');
    this.blobs.set(blob.digest, await readFile(path));
  }

  #ask(what: string): void {
    this.asked.push(what);
    if (this.failure) throw this.failure;
  }
}
