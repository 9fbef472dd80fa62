import { cpus, totalmem } from 'node:os';
import { command, isRoot, run } from '../../packages/debian-image/src/host/index.ts';
import { formatBytes } from '../../packages/report/src/index.ts';

/** What decides how long things take here, in one line: processors, memory, kernel, versions, and whether as root. */
export async function describeMachine(): Promise<string> {
  const kernel = await say('uname', ['--kernel-name', '--kernel-release']);
  const versions = await Promise.all(['mmdebstrap', 'mkosi', 'disk-image-create'].map(versionOf));
  const parts = [
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
    formatBytes(totalmem()),
    kernel,
    `Node ${process.version.slice(1)}`,
    ...versions,
    isRoot() ? 'as root' : 'as a plain user',
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

async function versionOf(program: string): Promise<string | undefined> {
  const version = /\d[\w.]*/.exec((await say(program, ['--version'])) ?? '')?.[0];
  return version === undefined ? undefined : `${program} ${version}`;
}

/** What a program says, undefined where it is not there. */
async function say(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(command(program, args), { doing: `asking ${program}` })).stdout.trim();
  } catch {
    return undefined;
  }
}
