import { type DiskConfig, slackOf } from '../../disk/root-disk.ts';

/** What is to be done with a disk. */
export interface ShrinkPlan {
  /** Whether it stays as it is. */
  readonly keep: boolean;
  /** The bytes that its root is to have free. */
  readonly freeBytes: number;
}

/** Whether the root of a disk was made to have `slack` bytes free (undefined: the default for its content), and so is as small as it can be. */
export function planShrink({ root, content }: Pick<DiskConfig, 'root' | 'content'>, slack: number | undefined): ShrinkPlan {
  const freeBytes = slackOf({ slack }, content.bytes);
  return { keep: root.wantedFreeBytes === freeBytes, freeBytes };
}
