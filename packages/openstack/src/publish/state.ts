import type { ImageRecord } from '../image/index.ts';

/** What of a cloud decides what is to be done; all of it our own, marked images. */
export interface CloudState {
  /** Roots, kernels and ramdisks with the mark of this product, and what its roots name as kernel and ramdisk; newest first. */
  readonly own: readonly ImageRecord[];
  /** Kernels and ramdisks of any product that have the wanted bytes; newest first. */
  readonly shareable: readonly ImageRecord[];
  /** For each kernel and ramdisk in `own`, the ids of all images that name it, ours or not. */
  readonly users: ReadonlyMap<string, readonly string[]>;
}
