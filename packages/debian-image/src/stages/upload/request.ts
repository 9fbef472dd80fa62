import type { Artifact, Scratch } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import type { Image } from '../../image/index.ts';
import type { ExtractConfig, ExtractedFile } from '../extract/facts.ts';

/** Where an image can be published. */
export type UploadTarget = 'catalog' | 'glance' | 'registry';

/** What there is to publish and how. */
export interface UploadRequest {
  readonly image: Image;
  readonly workspaceRoot: string;
  readonly options: UploadOptions;
  readonly facts: ExtractConfig;
  /** Seconds since 1970: the time of the youngest package. */
  readonly epoch: number;
  /** Where a file's bytes are; asked only when they are needed, for then they may have to be made again. */
  readonly part: (file: ExtractedFile) => Promise<string>;
  /** An empty folder for large files. */
  readonly scratch: () => Promise<Scratch>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

/** The options of the upload target. */
export interface UploadOptions {
  /** Only there; otherwise wherever image.json says. */
  readonly to?: UploadTarget;
  readonly catalog?: string;
  /** A cloud of clouds.yaml. Not called `cloud`, which Nx takes for itself. */
  readonly osCloud?: string;
  readonly keep?: number;
  readonly dryRun?: boolean;
  readonly rollback?: boolean;
}

/** What a publisher did, for the receipt. */
export interface Receipt {
  readonly to: UploadTarget;
  readonly [fact: string]: unknown;
}

/** A file with its facts and the way to its bytes. */
export function partOf({ part }: UploadRequest, file: ExtractedFile): ExtractedFile & { path: () => Promise<string> } {
  return { ...file, path: () => part(file) };
}

/** What a version of a file is called: the day of the youngest package, and what the bytes are. */
export function versionOf({ epoch }: Pick<UploadRequest, 'epoch'>, { sha256 }: ExtractedFile): string {
  return `${new Date(epoch * 1000).toISOString().slice(0, 10).replaceAll('-', '')}-${sha256.slice(0, 8)}`;
}

/** The facts of extract, as its artifact holds them. */
export function extractFacts({ config }: Artifact): ExtractConfig {
  return config as ExtractConfig;
}
