import { createProgress, Failure, type Progress } from '@nx-debian-image/report';
import { printable } from '../../host/index.ts';
import { openTerminal, type PersonTerminal, readKeys } from '../../host/terminal.ts';
import { loginCommand, type Machine, type MachineOptions, startMachine } from '../../machine/index.ts';
import type { Login } from './login.ts';

export interface Attendance {
  readonly login: Login;
  /** Whether the person at the terminal is at the machine's console. */
  readonly attended: boolean;
  readonly progress: Progress;
}

/** Runs a machine until it ends, its signal comes or the person at the console leaves it. None is left, however this ends. */
export async function attend(
  options: Omit<MachineOptions, 'progress' | 'privateKey'>,
  { login, attended, progress }: Attendance,
): Promise<void> {
  const terminal = attended ? openTerminal() : undefined;
  try {
    await (terminal === undefined ? watch(options, login, progress) : sitAt(terminal, options, login));
  } finally {
    terminal?.close();
  }
}

/** Without a terminal: what the console says, line by line. */
async function watch(options: Omit<MachineOptions, 'progress'>, login: Login, progress: Progress): Promise<void> {
  const machine = await startMachine({ ...options, progress, onLine: (line) => progress.note(line) });
  try {
    for (const line of await wordsOf(machine, options, login)) progress.note(line);
    progress.note('no terminal is at its console, which is only shown; Ctrl-C or SIGTERM ends it');
    await untilEnd(machine, options);
  } finally {
    await machine.stop();
  }
}

/** With a terminal: the console as it is, each key typed into it. */
async function sitAt(terminal: PersonTerminal, options: Omit<MachineOptions, 'progress'>, login: Login): Promise<void> {
  const progress = createProgress(terminal.output);
  let early: Buffer[] | undefined = [];
  const show = (chunk: Buffer): unknown => (early === undefined ? terminal.output.write(chunk) : early.push(chunk));
  const machine = await startMachine({ ...options, progress, onOutput: show });
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => (leave = resolve));
  const restore = readKeys(terminal, { onKeys: (bytes) => machine.type(bytes), onEscape: leave });
  try {
    for (const line of [...(await wordsOf(machine, options, login)), 'Ctrl-] ends it']) progress.note(line);
    for (const chunk of early.splice(0)) terminal.output.write(chunk);
    early = undefined;
    await Promise.race([left, untilEnd(machine, options)]);
  } finally {
    await machine.stop();
    restore();
    progress.step('\nthe machine has ended');
  }
}

/** How to reach a machine, whose first forward is the one for ssh. */
async function wordsOf(
  { qmp }: Machine,
  { forwards = [], display }: Pick<MachineOptions, 'forwards' | 'display'>,
  { privateKey }: Login,
): Promise<string[]> {
  const words = [printable(loginCommand(await qmp.forwardedPort(), privateKey))];
  for (const { host, guest } of forwards.slice(1)) {
    const port = host === 0 ? await qmp.forwardedPort(guest) : host;
    words.push(`127.0.0.1:${port} leads to port ${guest} of the machine`);
  }
  if (display?.kind === 'vnc') words.push(`its screen: vnc://127.0.0.1:${await qmp.vncPort()}`);
  return words;
}

/** Fails as `command-failed` where the machine ends otherwise than by its own power button or by being told to. */
async function untilEnd(machine: Machine, { signal }: Pick<MachineOptions, 'signal'>): Promise<void> {
  const { status } = await machine.ended;
  if (status === 0 || status === null || signal?.aborted) return;
  throw new Failure('command-failed', `QEMU ended with status ${status}`, { said: machine.console.lastLines.join('\n') });
}
