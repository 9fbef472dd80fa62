import { formatBytes, formatDuration } from './format.ts';

/** Where long work stands. One per run; every part of the work is given it and never writes to the terminal itself. */
export interface Progress {
  /** Says that a step begins; a lasting line such as `unpacking 213 packages`. */
  step(text: string): void;
  /** Says a result or a remark; a lasting line. */
  note(text: string): void;
  /** Says what may be wrong although the work goes on; a lasting line. */
  warn(text: string): void;
  /** Starts measuring work of a known total in bytes (or undefined where nobody knows). */
  meter(label: string, totalBytes: number | undefined): Meter;
}

/** Counts work as it is done. */
export interface Meter {
  add(bytes: number): void;
  /** Ends the meter; a lasting line says how much and how long. */
  done(): void;
}

export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const terminalIntervalMs = 100;
const plainIntervalMs = 5000;

/** Progress on a terminal (a line redrawn in place) or elsewhere (a plain line every five seconds). */
export function createProgress(output: ProgressOutput, now: () => number = Date.now): Progress {
  const terminal = output.isTTY === true;
  const erase = terminal ? '\r\u001B[K' : '';
  const say = (text: string): void => void output.write(`${erase}${text}\n`);
  return {
    step: say,
    note: (text) => say(`  ${text}`),
    warn: (text) => say(`warning: ${text}`),
    meter(label, totalBytes) {
      const begin = now();
      let bytes = 0;
      let last = begin;
      const line = (): string => {
        if (totalBytes === undefined || totalBytes === 0) return `  ${label}: ${formatBytes(bytes)}`;
        const percent = Math.min(100, Math.floor((100 * bytes) / totalBytes));
        return `  ${label}: ${percent} % of ${formatBytes(totalBytes)}`;
      };
      return {
        add(count) {
          bytes += count;
          const time = now();
          if (time - last < (terminal ? terminalIntervalMs : plainIntervalMs)) return;
          last = time;
          output.write(terminal ? `${erase}${line()}` : `${line()}\n`);
        },
        done: () => say(`  ${label}: ${formatBytes(bytes)} in ${formatDuration(now() - begin)}`),
      };
    },
  };
}

/** Progress that nobody reads. */
export const silent: Progress = {
  step() {},
  note() {},
  warn() {},
  meter: () => ({ add() {}, done() {} }),
};
