import type { ExecutorContext } from '@nx/devkit';
import { stages, type StageName } from '../stages.ts';
import { evaluateInputs } from './evaluate.ts';
import { type Change, changesBetween } from './inputs.ts';
import { readRecord } from './record.ts';
import { changeInWords } from './words.ts';

/** Whether a stage would run, and why. */
export interface Explanation {
  readonly stage: StageName;
  /** `waits`: nothing of its own has changed, but a stage before it would run, whose result decides. */
  readonly state: 'up-to-date' | 'would-run' | 'never-ran' | 'waits';
  /** The stage whose result decides. */
  readonly after?: StageName;
  /** What is other than when it last ran. */
  readonly changes: readonly Change[];
  /** Why it last ran; undefined where nothing is known of the run before that. */
  readonly because?: readonly Change[];
}

/** What would run of an image and why, against what its stages have left: all stages, or those that one of them needs. */
export async function explain(context: ExecutorContext, projectName: string, last?: StageName): Promise<Explanation[]> {
  const explanations: Explanation[] = [];
  const end = last === undefined ? stages.length : stages.findIndex(({ name }) => name === last) + 1;
  for (const { name, after } of stages.slice(0, end)) {
    const [record, inputs] = await Promise.all([readRecord(context.root, projectName, name), evaluateInputs(context, projectName, name)]);
    const before = explanations.find(({ stage }) => stage === after);
    const changes = record === undefined ? [] : changesBetween(record.inputs, inputs);
    const because = record?.because === undefined ? {} : { because: record.because };
    const waits = before !== undefined && before.state !== 'up-to-date' ? { after: before.stage } : {};
    explanations.push({
      stage: name,
      state: stateOf(record !== undefined, changes.length > 0, 'after' in waits),
      ...waits,
      changes,
      ...because,
    });
  }
  return explanations;
}

function stateOf(ran: boolean, changed: boolean, waits: boolean): Explanation['state'] {
  if (!ran) return 'never-ran';
  if (changed) return 'would-run';
  return waits ? 'waits' : 'up-to-date';
}

/** The explanations as lines: one for each stage, and below it one for each change. */
export function explanationLines(explanations: readonly Explanation[]): string[] {
  const width = Math.max(...explanations.map(({ stage }) => stage.length));
  return explanations.flatMap(({ stage, state, after, changes, because }) => {
    const told = state === 'up-to-date' ? (because ?? []) : changes;
    return [
      `${stage.padEnd(width)}  ${headline(state, after, because)}`,
      ...told.map((change) => `${' '.repeat(width + 4)}${changeInWords(change)}`),
    ];
  });
}

function headline(state: Explanation['state'], after: StageName | undefined, because: Explanation['because']): string {
  if (state === 'never-ran') return 'would run: nothing is noted of a run of it here';
  if (state === 'would-run') return 'would run:';
  if (state === 'waits') return `would run if ${after} gives other bytes`;
  return because === undefined || because.length === 0 ? 'is up to date' : 'is up to date; it last ran because of:';
}
