import { Failure, type Progress, silent } from '@nx-debian-image/report';
import type { Accelerator } from '../../machine/index.ts';
import { type Check, Ledger, took } from './check.ts';
import { type Access, accessFor } from './access.ts';
import { bareOf, firmwareOf, firmwareQuestion, requireBare } from './bare.ts';
import { startInstance } from './instance.ts';
import { askAll, canBeAsked, type Identity, identify, interview, reach, turnOff } from './interview.ts';
import { limitsFor } from './limits.ts';
import type { BareDisk, VerifyOptions } from './options.ts';
import { inspect } from './still/inspect.ts';
import { traceWords } from './still/traces.ts';
import { heardCommandLine, tripletOf } from './triplet.ts';

/** What was measured of one instance, or of the image as it lies there. */
export interface Group {
  readonly name: string;
  readonly checks: readonly Check[];
  /** The file with all that its console said. */
  readonly consoleLog?: string;
  /** What carried out its instructions: another than was chosen, where KVM only pretends. */
  readonly accelerator?: Accelerator;
}

/**
 * Measures everything about an image. What does not hold is a check; a Failure comes only from this machine (no QEMU, no space, cancelled), or
 * as `invalid` where an image shows nothing of itself.
 */
export async function prove(options: VerifyOptions): Promise<Group[]> {
  const { progress, machine, image, root, ramdisk, signal } = options;
  if (image.console === 'none' && !canBeAsked(options)) {
    throw new Failure(
      'invalid',
      `${image.name} shows nothing of itself: it has no login prompt on the serial port, and no ssh that answers`,
      {
        where: 'image.json: console',
        hint: 'Set console to "serial", or add openssh-server to the packages.',
      },
    );
  }
  if (options.bare !== undefined) await requireBare(options, options.bare);
  progress.step('looking into the image');
  const still = new Ledger(progress);
  const words = traceWords(machine, image.hostname);
  for (const check of await inspect({ root: root.path, ramdisk: ramdisk.path, words, signal })) still.tell(check);
  const access = await accessFor(options.installed, root.path, options.tools);
  const triplet = await proveTriplet(options, access);
  const accelerator = triplet[0]?.accelerator ?? options.accelerator;
  const bare = options.bare === undefined ? [] : await proveBare({ ...options, accelerator }, options.bare, access[0]);
  return [{ name: 'image', checks: still.checks }, ...triplet, ...bare];
}

/** Two instances of kernel, ramdisk and root file system: one is asked everything, the other only what must differ. */
async function proveTriplet(options: VerifyOptions, [own, others]: readonly [Access, Access]): Promise<Group[]> {
  options.progress.step('starting the image as Nova would');
  const ledger = new Ledger(options.progress);
  const instance = await startInstance(options, 'triplet', own, tripletOf(options, own));
  const { accelerator } = instance.machine;
  const aborting = new AbortController();
  let other: Promise<Other> | undefined;
  try {
    const groups: Group[] = [{ name: 'triplet', checks: ledger.checks, consoleLog: instance.consoleLog, accelerator }];
    if (!(await reach(instance, ledger, options))) {
      // Nothing that is known was seen of it; what an initramfs says, it says on the last console.
      const unheard = instance.machine.console.state === 'booting';
      await instance.machine.stop();
      return unheard ? [...groups, await listenCloser({ ...options, accelerator }, own)] : groups;
    }
    if (canBeAsked(options)) {
      // It starts while the first is asked, which is mostly waiting; so it disturbs no time that is measured of the way to the prompt.
      other = startOther({ ...options, accelerator, signal: AbortSignal.any([options.signal, aborting.signal]) }, others);
      other.catch(() => {});
      const first = await interview(instance, ledger, options);
      await turnOff(instance, ledger, options);
      options.progress.step('waiting for a second instance');
      const { group, identity } = await other;
      const second = new Ledger(options.progress);
      for (const check of [...group.checks, ...compare(first, identity)]) second.tell(check);
      groups.push({ ...group, checks: second.checks });
    } else {
      await turnOff(instance, ledger, options);
    }
    return groups;
  } finally {
    aborting.abort();
    await Promise.all([instance.machine.stop(), other?.catch(() => {})]);
  }
}

/** Starts an image once more with the serial port as its last console, to see why it does not boot. */
async function listenCloser(options: VerifyOptions, access: Access): Promise<Group> {
  options.progress.step('starting it once more, to see why');
  const ledger = new Ledger(options.progress);
  const instance = await startInstance(options, 'closer', access, tripletOf(options, access, heardCommandLine(options)));
  try {
    await ledger.measure('login prompt', async () => took(await instance.machine.untilLogin(limitsFor(options.patience).login)));
    return { name: 'once more', checks: ledger.checks, consoleLog: instance.consoleLog };
  } finally {
    await instance.machine.stop();
  }
}

interface Other {
  readonly group: Group;
  readonly identity: Identity;
}

async function startOther(options: VerifyOptions, access: Access): Promise<Other> {
  const quiet: Progress = { ...silent, warn: (text) => options.progress.warn(text) };
  const ledger = new Ledger(quiet);
  const instance = await startInstance({ ...options, progress: quiet }, 'second', access, tripletOf(options, access));
  try {
    const group = { name: 'second instance', checks: ledger.checks, consoleLog: instance.consoleLog };
    if (!(await reach(instance, ledger, options))) return { group, identity: new Map() };
    return { group, identity: await identify(instance, ledger, options) };
  } finally {
    await instance.machine.stop();
  }
}

/** The bare disk by each firmware that it says it boots by, one after another. */
async function proveBare(options: VerifyOptions, bare: BareDisk, access: Access): Promise<Group[]> {
  const groups: Group[] = [];
  for (const firmware of firmwareOf(bare)) {
    options.progress.step(`starting the bare disk by ${firmware}`);
    const ledger = new Ledger(options.progress);
    const instance = await startInstance(options, `bare-${firmware}`, access, bareOf(options, bare, firmware, access));
    try {
      groups.push({ name: `bare, ${firmware}`, checks: ledger.checks, consoleLog: instance.consoleLog });
      if (!(await reach(instance, ledger, options))) continue;
      if (canBeAsked(options)) await askAll(instance, ledger, options, [firmwareQuestion(firmware)]);
      await turnOff(instance, ledger, options);
    } finally {
      await instance.machine.stop();
    }
  }
  return groups;
}

/** Whether two instances have made something of their own. Pure. */
export function compare(first: Identity, second: Identity): Check[] {
  const none = 'no systemd';
  return [...second].map(([name, answer]) => {
    const lines = answer.split('\n').filter((line) => line !== '' && line !== none);
    const before = new Set(first.get(name)?.split('\n'));
    const same = lines.filter((line) => before.has(line));
    const ok = first.has(name) && same.length === 0;
    return {
      name: `${name} of its own`,
      ok,
      value: ok ? `${lines.length} differ` : same.join(' ') || 'the first instance did not say its own',
    };
  });
}
