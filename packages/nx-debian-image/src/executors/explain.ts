import type { ExecutorContext } from '@nx/devkit';
import { describe } from '@nx-debian-image/report';
import { explain, explanationLines } from '../reasons/explain.ts';
import type { StageName } from '../stages.ts';

interface ExplainOptions {
  readonly stage?: StageName;
  readonly json?: boolean;
}

/** Needs no image that can be read, only what Nx knows of its project; so it asks for no build. */
export default async function explainExecutor({ stage, json }: ExplainOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  try {
    const explanations = await explain(context, context.projectName ?? '', stage);
    process.stdout.write(`${json ? JSON.stringify(explanations, undefined, 2) : explanationLines(explanations).join('\n')}\n`);
    return { success: true };
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    return { success: false };
  }
}
