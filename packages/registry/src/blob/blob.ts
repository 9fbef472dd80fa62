import type { Digest } from '@nx-debian-image/artifact-store';

/** The blob that is meant, and its bytes. */
export interface Blob {
  readonly digest: Digest;
  readonly size: number;
}

export interface TransferOptions {
  /** Hears of bytes as they get over; those that have to go twice count once. */
  readonly onBytes?: (count: number) => void;
}

/** A digest as it is told to people. */
export function shortDigest(digest: Digest): string {
  return digest.slice(0, 'sha256:'.length + 12);
}

/** Counts how far a blob has got, which is never told to go back. */
export function furthest(onBytes: ((count: number) => void) | undefined): (position: number) => void {
  let told = 0;
  return (position) => {
    if (position <= told) return;
    onBytes?.(position - told);
    told = position;
  };
}
