import { type Artifact, blobsOf, canonicalJson, type Digest, restoreArtifact, type Store } from '@nx-debian-image/artifact-store';
import type { Repository } from '@nx-debian-image/registry';
import { describe, Failure, type Progress } from '@nx-debian-image/report';
import { inParallel } from '../host/in-parallel.ts';
import { publicLine } from './keys.ts';
import { mostPackedBytes } from './pack.ts';
import { artifactTag, parseResult, resultManifest, taskTag } from './result.ts';
import type { ExchangeSettings } from './settings.ts';
import { requireSigned, signed } from './signature.ts';
import { pullBlob, pullTexts, pushBlob, pushTexts, type Transfer } from './transfer.ts';

/** While one is compressed another one is sent. */
const blobsAtOnce = 2;

export interface ExchangeOptions {
  readonly settings: ExchangeSettings;
  /** Opens the repository, once it is asked for. */
  readonly open: () => Repository;
  /** The hash of the task at hand, the same on every machine. */
  readonly task: string;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Whose bytes are wrong or gone in the registry, which itself is well. */
const ofBytes = new Set(['bad-digest', 'bad-signature', 'not-found']);

/**
 * What other machines have made, in a registry, for one task. No failure of the registry fails the task, unless that is wished (`strict`): it is told,
 * the work is done here, and a registry that does not work is not asked again.
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  #repository: Repository | undefined;
  #down = false;
  /** Of which blobs the registry has wrong bytes. */
  readonly #bad = new Set<Digest>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Leaves in a folder what another machine has made of the task at hand, without its bytes; undefined where there is nothing to be trusted. */
  take(stage: string, folder: string): Promise<Artifact | undefined> {
    const { task, settings, store, progress } = this.#options;
    return this.#attempt(`asking for ${stage}`, async (transfer) => {
      const tag = taskTag(stage, task);
      const result = await this.#result(transfer.repository, tag);
      if (result === undefined) return undefined;
      const where = `${transfer.repository.name}:${tag}`;
      if (settings.trust !== undefined) requireSigned(result.manifest, settings.trust, where);
      if (result.stage !== stage || result.task !== task) throw new Failure('bad-digest', 'this is the result of another task', { where });
      const artifact = await restoreArtifact(folder, store, stage, await pullTexts(result.config, transfer));
      progress.note(`taken from ${where}`);
      return artifact;
    });
  }

  /** Brings those bytes of an artifact that the store lacks, as far as the registry has them. They need no trust: the artifact has their digests. */
  async fetch(stage: string, artifact: Artifact): Promise<void> {
    const { store, progress } = this.#options;
    await this.#attempt(`fetching what ${stage} left`, async (transfer) => {
      const missing = new Map((await store.missing(blobsOf(artifact))).map(({ digest, size }) => [digest, size]));
      const { blobs } = (await this.#result(transfer.repository, artifactTag(artifact.descriptor.digest))) ?? { blobs: [] };
      const wanted = blobs.filter(({ raw, packed }) => missing.get(raw.digest) === raw.size && packed.size <= mostPackedBytes(raw));
      if (wanted.length === 0) return;
      const total = wanted.reduce((sum, { packed }) => sum + packed.size, 0);
      const meter = progress.meter(`what ${stage} left, from ${transfer.repository.name}`, total);
      try {
        await inParallel(blobsAtOnce, wanted, (blob) => pullBlob(blob, transfer, (bytes) => meter.add(bytes)));
      } finally {
        meter.done();
      }
    });
  }

  /** Pushes an artifact with all its bytes, where this machine may: for its bytes, and with `ofTask` as what the task at hand makes. */
  async give(stage: string, artifact: Artifact, { ofTask }: { readonly ofTask: boolean }): Promise<void> {
    const { settings, task, progress } = this.#options;
    if (!settings.write) return;
    await this.#attempt(`pushing ${stage}`, async (transfer) => {
      requireTrusted(settings);
      const meter = progress.meter(`what ${stage} left, to ${transfer.repository.name}`, undefined);
      try {
        const blobs = await inParallel(blobsAtOnce, blobsOf(artifact), (blob) => pushBlob(blob, transfer, (bytes) => meter.add(bytes)));
        const config = await pushTexts(artifact, transfer);
        const manifest = resultManifest({ stage, task: ofTask ? task : undefined, config, blobs });
        const bytes = Buffer.from(canonicalJson(settings.key === undefined ? manifest : signed(manifest, settings.key)));
        const tags = [artifactTag(artifact.descriptor.digest), ...(ofTask ? [taskTag(stage, task)] : [])];
        for (const tag of tags) await transfer.repository.putManifest(tag, bytes, manifest.mediaType);
      } finally {
        meter.done();
      }
    });
  }

  async #result(repository: Repository, tag: string): Promise<ReturnType<typeof parseResult> | undefined> {
    const found = await repository.manifest(tag);
    return found && parseResult(found.bytes, `${repository.name}:${tag}`);
  }

  async #attempt<T>(doing: string, work: (transfer: Transfer) => Promise<T>): Promise<T | undefined> {
    const { store, signal, open } = this.#options;
    if (this.#down) return undefined;
    try {
      this.#repository ??= open();
      const complain = (failure: Failure): void => this.#complain(doing, failure);
      return await work({ repository: this.#repository, store, signal, bad: this.#bad, complain });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#complain(doing, error);
      return undefined;
    }
  }

  /** Tells a failure; throws it where it ends the task. */
  #complain(doing: string, failure: Failure): void {
    const { settings, signal, progress } = this.#options;
    if (settings.strict || signal.aborted || failure.reason === 'cancelled') throw failure;
    this.#down ||= !ofBytes.has(failure.reason);
    const more = this.#down ? '\n  The registry is not asked again by this task.' : '';
    progress.warn(`${doing}, ${settings.repository}: ${describe(failure)}${more}`);
  }
}

/** Fails as `bad-signature` where nobody would take what this machine pushes. */
function requireTrusted({ trust, key }: ExchangeSettings): void {
  if (trust === undefined || (key !== undefined && trust.includes(publicLine(key)))) return;
  throw new Failure(
    'bad-signature',
    `nothing is pushed: this machine has ${key === undefined ? 'no key' : 'another key than those that nx.json trusts'}`,
    {
      hint: 'Set DEBIAN_IMAGE_REGISTRY_KEY to a key whose public half is in registry.trust, or DEBIAN_IMAGE_REGISTRY_WRITE=no.',
    },
  );
}
