import { command } from './command.ts';
import { run } from './run.ts';

/** What a line for sh prints, however it ends: the runtime inputs of Nx are such lines. It runs in `folder`. */
export async function printedBy(line: string, folder: string): Promise<string> {
  const accept = Array.from({ length: 255 }, (_, status) => status + 1);
  return (await run(command('sh', ['-c', line], { cwd: folder }), { doing: `running ${line}`, accept })).stdout.trim();
}
