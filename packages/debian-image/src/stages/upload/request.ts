import type { Artifact } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import type { Image } from '../../image/index.ts';
import type { ExtractConfig, ExtractedFile } from '../extract/facts.ts';

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
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
}

/** The options of the upload target. */
export interface UploadOptions {
  /** Only there; otherwise wherever image.json says. */
  readonly to?: 'catalog' | 'glance';
  readonly catalog?: string;
  /** A cloud of clouds.yaml. Not called `cloud`, which Nx takes for itself. */
  readonly osCloud?: string;
  readonly keep?: number;
  readonly dryRun?: boolean;
  readonly rollback?: boolean;
}

/** What a publisher did, for the receipt. */
export interface Receipt {
  readonly to: 'catalog' | 'glance';
  readonly [fact: string]: unknown;
}

/** A file with its facts and the way to its bytes. */
export function partOf({ part }: UploadRequest, file: ExtractedFile): ExtractedFile & { path: () => Promise<string> } {
  return { ...file, path: () => part(file) };
}

/** The facts of extract, as its artifact holds them. */
export function extractFacts({ config }: Artifact): ExtractConfig {
  return config as ExtractConfig;
}
