import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { Failure } from '@nx-debian-image/report';
import { execa, type Options, type Result } from 'execa';
import { type Command, printable } from './command.ts';

export interface RunOptions {
  /** What the message of a failure begins with, such as `installing bookworm`. */
  readonly doing: string;
  /** Called with each line of standard output and standard error, without its line end. */
  readonly onLine?: (line: string) => void;
  /** Bytes for standard input; otherwise there is none. */
  readonly input?: Readable | string;
  /** Where standard output goes as bytes; otherwise it is given back as text. It is ended only where all went well, else destroyed. */
  readonly output?: Writable;
  /** An open file's descriptor that standard output goes to instead, from its present position on, without passing through this process. */
  readonly outputFile?: number;
  /** Exit statuses that are no failure; 0 where not given. */
  readonly accept?: readonly number[];
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** Turns what a failing program said into a clearer failure; undefined keeps the usual one. */
  readonly explain?: (said: string, status: number) => Failure | undefined;
}

export interface Ran {
  /** Standard output as text, unless `output` or `onLine` took it. */
  readonly stdout: string;
  readonly status: number;
}

const saidLines = 15;

/** What every program is given: a fixed path and locale, and the few variables of this machine that a tool may need. */
export function baseEnvironment(from: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = { LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  environment['PATH'] = [from['PATH'], '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'].filter(Boolean).join(':');
  for (const name of ['HOME', 'TMPDIR', 'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    const value = from[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** The words that start a program so that it dies with this process, even when that is killed: setpriv(1), PR_SET_PDEATHSIG. */
export function tied({ program, args }: Command): [string, ...string[]] {
  return ['setpriv', '--pdeathsig', 'KILL', '--', program, ...args];
}

/**
 * Runs a program, the only way from here to another one; it dies with this process. Fails as `command-failed` with its last lines and
 * the command to paste, as `cancelled` when a signal ended it or us, `timeout`, `missing-tool` when it is not there, `no-space` when
 * it says so; an error of `input` or `output` itself is thrown as it is.
 */
export async function run(command: Command, options: RunOptions): Promise<Ran> {
  const said: string[] = [];
  const hear = (line: string): void => {
    said.push(line);
    if (said.length > saidLines) said.shift();
    options.onLine?.(line);
  };
  const execaOptions: Options = {
    extendEnv: false,
    env: { ...baseEnvironment(process.env), ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    reject: false,
    buffer: { stdout: options.output === undefined && options.onLine === undefined, stderr: false },
    maxBuffer: 1 << 28,
    stripFinalNewline: false,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    // any descriptor will do, but the types of execa know only those that every process has
    ...(options.outputFile === undefined ? {} : { stdout: options.outputFile as 1 }),
    ...(options.timeoutSeconds === undefined ? {} : { timeout: options.timeoutSeconds * 1000 }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(typeof options.input === 'string' ? { input: options.input } : {}),
    // all unfinished work is in scratch folders; unshare hears of no gentler signal
    killSignal: 'SIGKILL',
  };
  const [program, ...args] = tied(command);
  const child = execa(program, args, execaOptions);
  const ears = [child.stderr, options.output === undefined && options.onLine !== undefined ? child.stdout : undefined];
  const streams: Promise<unknown>[] = ears.filter((stream) => stream != null).map((stream) => followLines(stream, hear));
  if (options.output !== undefined && child.stdout) streams.push(pipeline(child.stdout, options.output, { end: false }));
  if (options.input !== undefined && typeof options.input !== 'string' && child.stdin) streams.push(pipeline(options.input, child.stdin));
  const settled = Promise.allSettled(streams);
  const result = await child;
  const errors = (await settled).flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  const failure = errors.find((error) => !isClosedPipe(error)) ?? judge(command, options, result, said);
  if (options.output !== undefined) await close(options.output, failure);
  if (failure !== undefined) throw failure;
  return { stdout: typeof result.stdout === 'string' ? result.stdout : '', status: result.exitCode ?? 0 };
}

async function followLines(stream: Readable, hear: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) hear(line);
}

/** Whether a stream only tells that its other side is gone, which a program's status says better: it may not want all its input. */
function isClosedPipe(error: unknown): boolean {
  return ['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}

async function close(output: Writable, failure: unknown): Promise<void> {
  if (failure === undefined) {
    if (output.destroyed) throw new Error('the reader of the output went away');
    output.end();
    await finished(output, { readable: false });
  } else {
    // whoever reads it hears of the failure; where nobody does, it is no error that is unheard
    output.on('error', () => {}).destroy(failure as Error);
  }
}

function judge(command: Command, options: RunOptions, result: Result, said: readonly string[]): Failure | undefined {
  const where = printable(command);
  const words = said.join('\n');
  if (result.isCanceled || (result.isTerminated && !result.timedOut)) {
    const by = result.isCanceled ? 'request' : result.signal;
    return new Failure('cancelled', `${options.doing}: cancelled (${command.program} was ended by ${by})`, { where });
  }
  if (result.timedOut) {
    return new Failure('timeout', `${options.doing}: not done within ${options.timeoutSeconds} s`, { where, said: words });
  }
  const missing = missingProgram(command, result, said);
  if (missing !== undefined) {
    return new Failure('missing-tool', `${options.doing}: ${missing} cannot be started`, {
      where,
      hint: `Install the package that has ${missing}; \`npm run setup\` names all that is needed.`,
    });
  }
  if (result.exitCode === undefined) {
    return new Failure('command-failed', `${options.doing}: ${command.program} did not run`, { where, said: words, cause: result });
  }
  if (result.exitCode === 0 || options.accept?.includes(result.exitCode)) return undefined;
  const explained = options.explain?.(words, result.exitCode);
  if (explained) return explained;
  if (/No space left on device/i.test(words)) {
    return new Failure('no-space', `${options.doing}: no space left on this machine`, {
      where,
      said: words,
      hint: 'Free some space, or set DEBIAN_IMAGE_SCRATCH=disk where memory ran full.',
    });
  }
  return new Failure('command-failed', `${options.doing}: ${command.program} failed with status ${result.exitCode}`, {
    where,
    said: words,
  });
}

/** The program that cannot be started: setpriv, which says so of all others with status 126 or 127 (setpriv(1)). */
function missingProgram({ program }: Command, { code, exitCode }: Result, said: readonly string[]): string | undefined {
  if (code === 'ENOENT' || code === 'EACCES') return 'setpriv';
  const words = said.at(-1)?.startsWith(`setpriv: failed to execute ${program}: `);
  return words && (exitCode === 126 || exitCode === 127) ? program : undefined;
}
