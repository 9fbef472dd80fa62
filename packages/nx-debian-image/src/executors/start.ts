import type { ExecutorContext } from '@nx/devkit';
import { startImage } from '@nx-debian-image/debian-image/start';
import { type Executor, executeWith } from './execute.ts';

/** Whether the terminal is for this task: no other machine runs beside it, and no task waits for it. */
export function isAttended({ taskGraph }: Pick<ExecutorContext, 'taskGraph'>): boolean {
  if (taskGraph === undefined) return true;
  const machines = Object.values(taskGraph.tasks).filter(({ continuous }) => continuous);
  return machines.length <= 1 && Object.values(taskGraph.continuousDependencies).every((ids) => ids.length === 0);
}

/** SIGTERM's. */
const endedStatus = 143;

const start: Executor = async (options, context) => {
  const attended = isAttended(context);
  const result = await executeWith((request) => startImage(request, attended))(options, context);
  // Nx takes the end of a continuous task that nobody waits for as success, unless by a signal: a start that failed would tell so nowhere.
  if (!result.success && attended) process.once('exit', () => (process.exitCode = endedStatus));
  return result;
};

export default start;
