import { Failure, type Progress } from '@nx-debian-image/report';

/** One thing measured. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, for a person. */
  readonly value: string;
  /** How long it took, where that is what was measured. */
  readonly seconds?: number;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

export type Finding = Omit<Check, 'name'>;

/** What is measured of one instance, told as it comes. */
export class Ledger {
  readonly checks: Check[] = [];
  readonly #progress: Progress;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** Notes a check and gives whether it holds. */
  tell(check: Check): boolean {
    this.checks.push(check);
    this.#progress.note(`${check.ok ? 'ok' : 'NOT OK'}  ${check.name}: ${check.value}`);
    return check.ok;
  }

  /** Notes what some work finds; a guest that fails is a check that does not hold, what this machine lacks stays thrown. */
  async measure(name: string, work: () => Promise<Finding>): Promise<boolean> {
    return this.tell({ name, ...(await work().catch(refusal)) });
  }
}

/** How long something took, as a finding that holds. */
export function took(seconds: number, what = ''): Finding {
  return { ok: true, value: `${what}${seconds.toFixed(1)} s`, seconds };
}

function refusal(error: unknown): Finding {
  if (!(error instanceof Failure) || !['command-failed', 'timeout', 'unreachable'].includes(error.reason)) throw error;
  return { ok: false, value: [error.message, error.said].filter(Boolean).join('\n'), hint: error.hint };
}
