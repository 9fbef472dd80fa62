import type { ExecutorContext } from '@nx/devkit';
import { runStage as runStageOfImage, type StageRequest } from '@nx-debian-image/debian-image';
import { createProgress, describe, Failure, type ProgressOutput } from '@nx-debian-image/report';
import type { StageName } from '../stages.ts';
import { pluginOptions } from '../plugin-options.ts';
import { neighboursOf } from './neighbours.ts';

/** The stages that have no entry of their own. */
type CommonStage = Exclude<StageName, 'verify'>;

export type RunStage = (stage: CommonStage, request: StageRequest) => Promise<void>;

/** Where an executor says something: lines of work, and why it failed. */
export interface Terminal {
  readonly output: ProgressOutput;
  readonly errors: ProgressOutput;
}

export type Executor = (options: Record<string, unknown>, context: ExecutorContext) => Promise<{ success: boolean }>;

/** The executor of a stage. */
export function executorOf(stage: CommonStage, runStage: RunStage = runStageOfImage, terminal?: Terminal): Executor {
  return executeWith((request) => runStage(stage, request), terminal);
}

/** What asks for an end: a person, Nx, a terminal that is closed, and an Nx that was killed, whose channel to its tasks breaks off. */
const ends = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'];

/** An executor that does some work: it tells a failure in plain lines, and ends the work when that is asked for. */
export function executeWith(
  work: (request: StageRequest) => Promise<void>,
  terminal: Terminal = { output: process.stdout, errors: process.stderr },
): Executor {
  return async (options, context) => {
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    for (const end of ends) process.on(end, stop);
    const plugin = pluginOptions(context.nxJsonConfiguration);
    try {
      await work({
        workspaceRoot: context.root,
        projectRoot: projectRootOf(context),
        neighbours: neighboursOf(context),
        options,
        storeLimit: plugin.storeLimit,
        registry: plugin.registry,
        progress: createProgress(terminal.output),
        signal: controller.signal,
        environment: process.env,
      });
      return { success: true };
    } catch (error) {
      terminal.errors.write(`${describe(error)}\n`);
      return { success: false };
    } finally {
      for (const end of ends) process.removeListener(end, stop);
    }
  };
}

function projectRootOf({ projectName, projectsConfigurations }: ExecutorContext): string {
  const project = projectName === undefined ? undefined : projectsConfigurations.projects[projectName];
  if (project === undefined) throw new Failure('invalid', 'this executor runs for a project that has an image.json');
  return project.root;
}
