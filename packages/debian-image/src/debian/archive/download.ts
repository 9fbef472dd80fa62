import type { Progress } from '@nx-debian-image/report';
import { type Command, command, run } from '../../host/index.ts';

const connections = 8;

export interface DownloadOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The proxy that this machine's apt uses, if any; empty for none. */
  readonly proxy: string | undefined;
}

/** One file to fetch: its address, its name in the folder, and the bytes it should have, where known. */
export interface Wanted {
  readonly uri: string;
  readonly name: string;
  readonly size?: number;
}

/** Why a file did not come: the exit status of curl for it, and of the server's last answer (0 for none). */
export interface Lost {
  readonly exit: number;
  readonly http: number;
}

/** Fetches files into a folder, several at a time; gives those that did not come, by name. `label` is what the meter says. */
export async function download(
  wanted: readonly Wanted[],
  folder: string,
  label: string,
  { progress, signal, proxy }: DownloadOptions,
): Promise<Map<string, Lost>> {
  const sizes = new Map(wanted.map(({ name, size = 0 }) => [name, size]));
  const meter = progress.meter(
    label,
    wanted.reduce((sum, { size = 0 }) => sum + size, 0),
  );
  const lost = new Map<string, Lost>(wanted.map(({ name }) => [name, { exit: 0, http: 0 }]));
  await run(planDownload(folder, proxy), {
    doing: label,
    signal,
    input: wanted.map(({ uri, name }) => `url = "${uri}"\noutput = "${name}"\n`).join(''),
    // its status is that of the last transfer alone: what did not come is found by name
    accept: Array.from({ length: 99 }, (_, status) => status + 1),
    onLine(line) {
      const [, name = '', exit, http = '0'] = /^done (\S+) (\d+)(?: (\d+))?$/.exec(line) ?? [];
      if (exit === undefined) return;
      if (exit !== '0') lost.set(name, { exit: Number(exit), http: Number(http) });
      else if (lost.delete(name)) meter.add(sizes.get(name) ?? 0);
    },
  });
  meter.done();
  return lost;
}

/** curl with a list of transfers on standard input; it says `done FILE STATUS ANSWER` after each, status 0 where it came whole. */
export function planDownload(folder: string, proxy: string | undefined): Command {
  const limits = ['--connect-timeout', '30', '--speed-limit', '1000', '--speed-time', '60', '--retry', '3', '--retry-connrefused'];
  const parallel = ['--parallel', '--parallel-max', String(connections)];
  const report = ['--no-progress-meter', '--write-out', 'done %{filename_effective} %{exitcode} %{http_code}\\n'];
  return command(
    'curl',
    ['--fail', '--location', ...limits, ...parallel, ...report, ...(proxy === undefined ? [] : ['--proxy', proxy]), '--config', '-'],
    { cwd: folder },
  );
}

/** The exit status of curl where a file cannot be written (curl(1), EXIT CODES). */
const writeError = 23;

/** Whether something did not come because there is no space for it. */
export function spaceRanOut(lost: Iterable<Lost>): boolean {
  return [...lost].some(({ exit }) => exit === writeError);
}
