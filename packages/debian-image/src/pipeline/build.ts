import { join } from 'node:path';
import {
  type Artifact,
  type ArtifactDraft,
  blobsOf,
  type Lock,
  readArtifact,
  removeArtifact,
  type Store,
  writeArtifact,
} from '@nx-debian-image/artifact-store';
import { Failure, type Progress } from '@nx-debian-image/report';
import type { Exchange } from '../exchange/index.ts';
import type { Image, Stage } from '../image/index.ts';

/** The stages that leave an artifact, in order. */
export const builtStages = ['install', 'configure', 'convert', 'shrink', 'extract'] as const;

export type BuiltStage = Extract<Stage, (typeof builtStages)[number]>;

/** The stages whose results machines take from one another. */
export type SharedStage = BuiltStage | 'verify';

/** How a stage makes what it leaves. */
export type Maker = (build: Build) => Promise<ArtifactDraft>;

export interface BuildOptions {
  readonly image: Image;
  /** The build of the image that this one starts from. */
  readonly parent?: Build | undefined;
  readonly store: Store;
  /** Where the stages' artifacts are: `dist/<image>`. */
  readonly artifacts: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  readonly makers: Readonly<Record<BuiltStage, Maker>>;
  /** What other machines have made; without it all is made here. */
  readonly exchange?: Exchange | undefined;
}

/**
 * One image being built on this machine. Stages ask it for what earlier ones left; it comes from their artifacts, and where bytes are
 * gone from the store, from another machine, else from running the stage that made them.
 */
export class Build {
  readonly image: Image;
  readonly parent: Build | undefined;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the stages' artifacts are. */
  readonly artifacts: string;
  readonly #makers: Readonly<Record<BuiltStage, Maker>>;
  readonly #exchange: Exchange | undefined;

  constructor(options: BuildOptions) {
    this.image = options.image;
    this.parent = options.parent;
    this.store = options.store;
    this.progress = options.progress;
    this.signal = options.signal;
    this.environment = options.environment;
    this.artifacts = options.artifacts;
    this.#makers = options.makers;
    this.#exchange = options.exchange;
  }

  /** The folder of a stage's artifact. */
  folder(stage: SharedStage): string {
    return join(this.artifacts, stage);
  }

  /** Holds this image alone among the runs of this checkout. */
  hold(): Promise<Lock> {
    return this.store.holdLock(`${this.image.name} in ${this.artifacts}`, { signal: this.signal });
  }

  /** Runs a stage and leaves its artifact. What was there goes first, so that a run that fails leaves nothing to take for whole. */
  async make(stage: BuiltStage): Promise<Artifact> {
    await removeArtifact(this.folder(stage));
    return writeArtifact(this.folder(stage), this.store, await this.#makers[stage](this));
  }

  /** Leaves what another machine has made of the task at hand, which is this stage's, without its bytes; undefined where nobody has. */
  async take(stage: SharedStage): Promise<Artifact | undefined> {
    return this.#exchange?.take(stage, this.folder(stage));
  }

  /** Gives other machines what the task at hand, which is this stage's, has left. */
  async give(stage: SharedStage, artifact: Artifact): Promise<void> {
    await this.#exchange?.give(stage, artifact, { ofTask: true });
  }

  /** What a stage left, without asking for its bytes; the stage runs where it has left nothing. */
  async artifact(stage: BuiltStage): Promise<Artifact> {
    return (await this.#read(stage)) ?? (await this.make(stage));
  }

  /** What a stage left with all its bytes in the store; where some are gone they come from another machine, else the stage runs again. */
  async complete(stage: BuiltStage): Promise<Artifact> {
    const artifact = await this.artifact(stage);
    if (await this.fetch(stage, artifact)) return artifact;
    this.progress.note(`${stage} left bytes that are no longer in the store; making them again`);
    const again = await this.make(stage);
    if (again.descriptor.digest !== artifact.descriptor.digest) {
      this.progress.warn(`${stage} gave other bytes than the last time: the packages or this program have changed since`);
    }
    await this.#exchange?.give(stage, again, { ofTask: false });
    return again;
  }

  /** Whether all bytes of an artifact are in the store, after those that are gone were asked of other machines. */
  async fetch(stage: SharedStage, artifact: Artifact): Promise<boolean> {
    if (await this.#isComplete(artifact)) return true;
    await this.#exchange?.fetch(stage, artifact);
    return this.#isComplete(artifact);
  }

  /** `complete` from the build of another image, which may be running itself: it is waited for only where something is missing. */
  async completeForOthers(stage: BuiltStage): Promise<Artifact> {
    const artifact = await this.#read(stage);
    if (artifact !== undefined && (await this.#isComplete(artifact))) return artifact;
    const lock = await this.hold();
    try {
      return await this.complete(stage);
    } finally {
      await lock.release();
    }
  }

  async #isComplete(artifact: Artifact): Promise<boolean> {
    return (await this.store.missing(blobsOf(artifact))).length === 0;
  }

  async #read(stage: BuiltStage): Promise<Artifact | undefined> {
    try {
      return await readArtifact(this.folder(stage));
    } catch (error) {
      if (error instanceof Failure && error.reason === 'bad-digest') return undefined;
      throw error;
    }
  }
}
