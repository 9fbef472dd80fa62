import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, command, run } from '../../packages/debian-image/src/host/index.ts';
import { watchMemory } from './memory.ts';

/** What one run of a command took. */
export interface Measurement {
  /** From its start to its end. */
  readonly seconds: number;
  /** Of processors, in user and system mode, by it and everything that it started and waited for. */
  readonly cpuSeconds: number;
  /** The most memory in use at once; see `watchMemory`. */
  readonly peakBytes: number;
}

export interface MeasureOptions {
  readonly doing: string;
  /** Where its times are written for a moment. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Runs a command and measures it, once nothing that was written before is still on its way to the disk. Failures: those of `run`. */
export async function measure(measured: Command, { doing, scratch, signal }: MeasureOptions): Promise<Measurement> {
  await run(command('sync', []), { doing: 'writing to disk what came before', signal });
  const times = join(scratch, 'times');
  const { program, args, ...more } = measured;
  const timed = command('sh', ['-c', underTimes, times, program, ...args], more);
  const memory = watchMemory();
  const begin = process.hrtime.bigint();
  try {
    // with a listener standard output counts as what it said last, should it fail
    await run(timed, { doing, signal, onLine: () => {} });
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    return { seconds, cpuSeconds: parseTimes(await readFile(times, 'utf8')), peakBytes: memory.stop() };
  } finally {
    memory.stop();
    await rm(times, { force: true });
  }
}

// `times` is a builtin of every POSIX shell, so no package has to be installed
const underTimes = `status=0
"$@" || status=$?
times >"$0"
exit $status`;

/** The seconds in the output of the shell's `times`: user and system, of the shell itself and then of what it has waited for. */
export function parseTimes(text: string): number {
  const times = [...text.matchAll(/(\d+)m([\d.]+)s/g)];
  if (times.length !== 4) throw new Error(`not the output of times: ${text}`);
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
