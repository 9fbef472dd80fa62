import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import type { FileSystemTools } from '../../../disk/tools.ts';
import type { Image } from '../../../image/index.ts';
import type { Accelerator } from '../../../machine/index.ts';

export interface ConfigureDiskOptions {
  readonly image: Image;
  /** The qcow2 that the installer made. */
  readonly disk: Descriptor;
  /** Seconds since 1970: what the clock of the system says. */
  readonly epoch: number;
  readonly tools: FileSystemTools;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Chosen by what this machine can do where not given. */
  readonly accelerator?: Accelerator;
  /** Is given the disk as it stood where a step fails, the lowest layer first, and what the console said; says how to look at it. */
  readonly keepFailed: (layers: readonly Descriptor[], console: Descriptor) => Promise<string>;
}
