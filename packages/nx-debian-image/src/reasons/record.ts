import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import type { StageName } from '../stages.ts';
import { evaluateInputs } from './evaluate.ts';
import { type Change, changesBetween, type Inputs } from './inputs.ts';

/** What is noted of a stage that has run. */
export interface InputRecord {
  readonly version: 1;
  /** What decided it. */
  readonly inputs: Inputs;
  /** What was other than at the run before it; undefined where there was none to compare with. */
  readonly because?: readonly Change[];
}

type Executor = (options: Record<string, unknown>, context: ExecutorContext) => Promise<{ success: boolean }>;

/** Beside the manifest of a stage: restored together with it, and no part of it, so that it never runs a later stage. */
const recordPath = (root: string, projectName: string, stage: StageName): string => join(root, 'dist', projectName, stage, 'inputs.json');

/** What is noted of the run that made what a stage has left; undefined where nothing is. */
export async function readRecord(root: string, projectName: string, stage: StageName): Promise<InputRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordPath(root, projectName, stage), 'utf8')) as InputRecord;
  } catch {
    return undefined;
  }
}

/** An executor that notes the inputs of its stage, as they are when it begins, once it has run well. */
export function recording(stage: StageName, executor: Executor): Executor {
  return async (options, context) => {
    const { root, projectName } = context;
    if (projectName === undefined || context.projectsConfigurations.projects[projectName] === undefined) return executor(options, context);
    const [before, inputs] = await Promise.all([readRecord(root, projectName, stage), evaluateInputs(context, projectName, stage)]);
    const result = await executor(options, context);
    const record: InputRecord = { version: 1, inputs, ...(before === undefined ? {} : { because: changesBetween(before.inputs, inputs) }) };
    if (result.success) await write(recordPath(root, projectName, stage), record);
    return result;
  };
}

async function write(path: string, record: InputRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(record, undefined, 1)}\n`);
  await rename(`${path}.new`, path);
}
