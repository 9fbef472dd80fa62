import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import type { Image } from '../../image/index.ts';
import type { Added } from './variant.ts';

export interface ConfigureOptions {
  readonly image: Image;
  /** What the packages of an image that starts from another changed there. */
  readonly added?: Added;
  /** The layers of the tree, the lowest first. */
  readonly layers: readonly Descriptor[];
  /** Seconds since 1970, from the layers below. */
  readonly epoch: number;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Is given the layers of the tree as it stood where a step fails, and says how to look at it. */
  readonly keepFailed: (layers: readonly Descriptor[]) => Promise<string>;
}
