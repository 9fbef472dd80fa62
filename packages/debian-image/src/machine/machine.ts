import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Failure } from '@nx-debian-image/report';
import { printable } from '../host/index.ts';
import { type Accelerator, chooseAccelerator } from './accelerator.ts';
import { machineCommand } from './command.ts';
import { ConsoleReader } from './console.ts';
import { cancelled, GuestMachine, type Machine, type MachineOptions } from './guest.ts';
import { notStarted } from './not-started.ts';
import { Qmp } from './qmp.ts';
import { start } from './spawn.ts';

/** Under KVM a kernel speaks within two seconds; where it does not, KVM only pretends. */
const kvmFirstWordSeconds = 20;

/**
 * Starts a machine. Where KVM was chosen and the guest says nothing, or QEMU ends, it is started again without. Fails as
 * `missing-tool` without QEMU, `command-failed` with QEMU's own words where it does not start.
 */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const accelerator = options.accelerator ?? (await chooseAccelerator(options.architecture));
  options.progress.note(accelerator.why);
  if (accelerator.name === 'tcg') return launch(options, accelerator);
  const trouble = await tryKvm(options, accelerator);
  if (typeof trouble !== 'string') return trouble;
  options.progress.warn(`KVM does not work here (${trouble}); going on with the software processor, which is slower`);
  return launch(options, { name: 'tcg', why: `software processor (TCG): KVM does not work here (${trouble})` });
}

async function tryKvm(options: MachineOptions, accelerator: Accelerator): Promise<Machine | string> {
  const machine = await launch(options, accelerator).catch((error: unknown) => error);
  if (machine instanceof Failure && machine.reason === 'command-failed') return 'QEMU ended at once';
  if (machine instanceof Error) throw machine;
  const started = machine as GuestMachine;
  const limit = options.firstWordSeconds ?? kvmFirstWordSeconds;
  if (await started.speaks(limit)) return started;
  await started.stop();
  options.signal?.throwIfAborted();
  return `the guest said nothing within ${limit} s`;
}

async function launch(options: MachineOptions, accelerator: Accelerator): Promise<GuestMachine> {
  if (options.signal?.aborted) throw cancelled();
  const call = machineCommand(options, accelerator.name);
  const child = start(call);
  const stop = (): void => void child.end();
  options.signal?.addEventListener('abort', stop, { once: true });
  void child.ended.then(() => options.signal?.removeEventListener('abort', stop));
  const reader = new ConsoleReader(options.onLine);
  const heard = { at: Date.now() };
  const log = createWriteStream(options.consoleLog);
  child.output.on('data', (chunk: Buffer) => {
    heard.at = Date.now();
    reader.feed(chunk);
    options.onOutput?.(chunk);
  });
  child.output.pipe(log);
  try {
    const qmp = await Qmp.connect(child.socket);
    const port = options.network === false ? undefined : await qmp.forwardedPort();
    return new GuestMachine({ options, accelerator, child, reader, heard, qmp, port, logged: finished(log) });
  } catch (error) {
    const ending = await child.end();
    if (options.signal?.aborted) throw cancelled();
    throw notStarted({ ending, said: child.said(), where: printable(call), cause: error }, options);
  }
}
