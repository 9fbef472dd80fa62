import { Failure } from '@nx-debian-image/report';

/** What is seen of a machine at one moment; times in seconds. */
export interface InsideSight {
  /** Whether the script has begun. */
  readonly began: boolean;
  /** How it ended. */
  readonly status: number | undefined;
  /** Why the system could not be entered or left, as it says itself. */
  readonly lost: string | undefined;
  readonly panicked: boolean;
  /** Whether QEMU stopped the machine because this host could not write its disk. */
  readonly full: boolean;
  /** Whether the machine is gone. */
  readonly gone: boolean;
  readonly waited: number;
  /** Since it last said something. */
  readonly silent: number;
  readonly lastLines: readonly string[];
}

export interface InsideLimits {
  readonly seconds: number;
  /** Silence that no healthy start has, and the longest that a script may have. */
  readonly silence: { readonly starting: number; readonly working: number };
}

/**
 * How the script ended, undefined (wait on), or the Failure that it has become: `command-failed` for a system that cannot go on, `timeout`
 * for one that is silent or slow, `no-space` where this machine ran full.
 */
export function judgeInside(sight: InsideSight, limits: InsideLimits): number | Failure | undefined {
  const said = sight.lastLines.join('\n');
  const where = sight.began ? 'while the script ran' : 'before the script began';
  const failed = (message: string, hint?: string): Failure =>
    new Failure('command-failed', `${message} ${where}`, { said, ...(hint ? { hint } : {}) });
  if (sight.full) {
    return new Failure('no-space', 'no space left on this machine for what the system writes to its disk', {
      said,
      hint: 'Free some space where the store is.',
    });
  }
  if (sight.gone) {
    if (sight.status !== undefined) return sight.status;
    if (sight.lost !== undefined) return new Failure('command-failed', `the installed system: ${sight.lost}`, { said });
    if (sight.panicked)
      return failed('the kernel of the installed system panicked', 'More memory may help, where it says "out of memory".');
    return failed('the machine with the installed system ended');
  }
  const silence = sight.began ? limits.silence.working : limits.silence.starting;
  if (sight.silent >= silence) {
    return new Failure('timeout', `the installed system was silent for ${Math.round(sight.silent)} s ${where}`, { said });
  }
  if (sight.waited >= limits.seconds) {
    return new Failure('timeout', `the installed system was not done within ${limits.seconds} s`, { said });
  }
  return undefined;
}
