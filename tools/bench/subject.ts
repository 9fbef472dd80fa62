import type { Command } from '../../packages/debian-image/src/host/index.ts';

/** Something that is measured. */
export interface Subject {
  /** One word for `--only`. */
  readonly name: string;
  /** What is done, for the table. */
  readonly title: string;
  /** What it is meant to take, for the table; nothing fails where it takes longer. */
  readonly aim?: string;
  /** Why it cannot be measured on this machine, in one line; undefined where it can. */
  obstacle?(): Promise<string | undefined>;
  /** Brings everything into the state that the measured command starts from. Its time does not count. */
  prepare(round: number): Promise<void>;
  /** What is measured. */
  command(): Command;
  /** Throws where the command has not done what it was measured for. Its time does not count. */
  check?(): Promise<void>;
}
