import { describe, Failure, formatBytes, formatDuration } from '../../packages/report/src/index.ts';
import { type Measurement, measure } from './measure.ts';
import type { Subject } from './subject.ts';
import type { Outcome } from './table.ts';

export interface RoundOptions {
  /** A folder for what is needed for a moment. */
  readonly scratch: string;
  readonly runs: number;
  /** The names of those to measure; all where it is undefined. */
  readonly only: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Measures each subject once, then each again, so that a machine that grows slower or faster does so for all of them. */
export async function measureRounds(subjects: readonly Subject[], options: RoundOptions): Promise<Outcome[]> {
  const { scratch, runs, only, signal, say } = options;
  const measurements = new Map<string, Measurement[]>();
  const obstacles = await findObstacles(subjects, only);
  for (let round = 1; round <= runs; round += 1) {
    for (const subject of subjects) {
      if (obstacles.has(subject.name)) continue;
      try {
        await subject.prepare(round);
        const measurement = await measure(subject.command(), { doing: `measuring ${subject.name}`, scratch, signal });
        await subject.check?.();
        measurements.set(subject.name, [...(measurements.get(subject.name) ?? []), measurement]);
        say(`${round}/${runs} ${subject.name}: ${describeMeasurement(measurement)}`);
      } catch (error) {
        if (!(error instanceof Failure) || error.reason === 'cancelled') throw error;
        say(describe(error));
        obstacles.set(subject.name, error.message);
      }
    }
  }
  return subjects.map(({ name, title, aim }) => {
    const obstacle = obstacles.get(name);
    return {
      name,
      title,
      ...(aim === undefined ? {} : { aim }),
      measurements: measurements.get(name) ?? [],
      ...(obstacle === undefined ? {} : { obstacle }),
    };
  });
}

/** Why some subjects are not measured, by their names. */
async function findObstacles(subjects: readonly Subject[], only: readonly string[] | undefined): Promise<Map<string, string>> {
  const obstacles = new Map<string, string>();
  for (const subject of subjects) {
    const obstacle = only?.includes(subject.name) === false ? 'not asked for' : await subject.obstacle?.();
    if (obstacle !== undefined) obstacles.set(subject.name, obstacle);
  }
  return obstacles;
}

function describeMeasurement({ seconds, cpuSeconds, peakBytes }: Measurement): string {
  return `${formatDuration(seconds * 1000)}, ${cpuSeconds.toFixed(1)} s of CPU, ${formatBytes(peakBytes)}`;
}
