import type { ExecutorContext } from '@nx/devkit';
import { startImage } from '@nx-debian-image/debian-image/start';
import { type Executor, executeWith } from './execute.ts';

/** Whether the terminal is for this task: no other machine runs beside it, and no task waits for it. */
export function isAttended({ taskGraph }: Pick<ExecutorContext, 'taskGraph'>): boolean {
  if (taskGraph === undefined) return true;
  const machines = Object.values(taskGraph.tasks).filter(({ continuous }) => continuous);
  return machines.length <= 1 && Object.values(taskGraph.continuousDependencies).every((ids) => ids.length === 0);
}

const start: Executor = (options, context) => executeWith((request) => startImage(request, isAttended(context)))(options, context);

export default start;
