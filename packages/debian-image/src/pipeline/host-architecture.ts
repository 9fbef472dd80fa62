import { command, run } from '../host/index.ts';

/** This machine's architecture, as dpkg names it. */
export async function hostArchitecture(signal: AbortSignal): Promise<string> {
  return (await run(command('dpkg', ['--print-architecture']), { doing: "asking for this machine's architecture", signal })).stdout.trim();
}
