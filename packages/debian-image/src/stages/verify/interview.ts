import { releaseOf } from '../../debian/releases.ts';
import { withFile } from '../../disk/read-at.ts';
import { findRoot } from '../../disk/boot-files.ts';
import { type Ledger, took } from './check.ts';
import { ask } from './guest/ask.ts';
import { pressBalloon } from './guest/balloon.ts';
import { tryCommand } from './guest/commands.ts';
import { powerOff } from './guest/power-off.ts';
import { identity, type Question, questions } from './guest/questions.ts';
import { plugVolume } from './guest/volume.ts';
import type { Instance } from './instance.ts';
import { limitsFor } from './limits.ts';
import type { VerifyOptions } from './options.ts';

/** What an instance said of what it made at its first boot, by the name of the question. */
export type Identity = ReadonlyMap<string, string>;

/** Whether an image has what is needed to ask it from outside. */
export function canBeAsked({ installed, image }: Pick<VerifyOptions, 'installed' | 'image'>): boolean {
  return installed.has('openssh-server') && image.network === 'dhcp';
}

/** Waits for the login prompt and for ssh, as far as the image has them; whether both came. */
export async function reach({ machine, access }: Instance, ledger: Ledger, options: VerifyOptions): Promise<boolean> {
  const { login } = limitsFor(options.patience);
  const prompt =
    options.image.console === 'none' || (await ledger.measure('login prompt', async () => took(await machine.untilLogin(login))));
  if (!prompt || !canBeAsked(options)) return prompt;
  return ledger.measure(`ssh with ${access.key}`, async () => took(await machine.untilSsh(login)));
}

/** The answers of a guest, by the names of the questions. */
type Answers = ReadonlyMap<string, string>;

/** Asks an instance that has been reached all that a flavour and image.json promise, and more; undefined where it does not answer. */
export async function askAll(
  instance: Instance,
  ledger: Ledger,
  options: VerifyOptions,
  more: readonly Question[] = [],
): Promise<Answers | undefined> {
  const { image, flavour } = options;
  const grows = image.growRoot && (instance.parts.kernel !== undefined || releaseOf(image.release).growsPartitions);
  const { locales, packages, modules } = image;
  const expected = { disk: grows ? flavour.disk : undefined, memory: flavour.memory, locales, packages, modules };
  const asked = [...questions(expected), ...more];
  const answers = await hear(instance, asked, ledger, options);
  if (answers === undefined) return undefined;
  for (const { name, judge } of asked) ledger.tell({ name, ...judge(answers.get(name) ?? '') });
  return answers;
}

/** Asks an instance all that, has it use a volume and give up memory, and tries the commands of image.json; gives its identity. */
export async function interview(instance: Instance, ledger: Ledger, options: VerifyOptions): Promise<Identity> {
  const answers = await askAll(instance, ledger, options);
  if (answers === undefined) return new Map();
  const { image, flavour, patience } = options;
  const { machine, parts, folder } = instance;
  const { answer } = limitsFor(patience);
  await ledger.measure('a volume plugged in', () => plugVolume(machine, parts, folder, answer));
  const before = Number(answers.get('memory'));
  await ledger.measure('balloon', () => pressBalloon(machine, { bytes: flavour.memory, before, limitSeconds: answer }));
  for (const wish of image.verify.commands) await ledger.measure(wish.name, () => tryCommand(machine, wish, wish.seconds * patience));
  return new Map(identity.map(({ name }) => [name, answers.get(name) ?? '']));
}

/** Asks an instance only what must differ from other instances; nothing is known of one that does not answer. */
export async function identify(instance: Instance, ledger: Ledger, options: VerifyOptions): Promise<Identity> {
  return (await hear(instance, identity, ledger, options)) ?? new Map();
}

async function hear(
  { machine }: Instance,
  asked: readonly Question[],
  ledger: Ledger,
  { patience }: VerifyOptions,
): Promise<Answers | undefined> {
  const answers = new Map<string, string>();
  const answered = await ledger.measure('answers', async () => {
    const begin = Date.now();
    for (const [index, text] of (await ask(machine, asked, limitsFor(patience).answer)).entries()) answers.set(asked[index]!.name, text);
    return took((Date.now() - begin) / 1000);
  });
  return answered ? answers : undefined;
}

/** Turns an instance off and looks whether it left its root file system in order. */
export async function turnOff({ machine, parts }: Instance, ledger: Ledger, options: VerifyOptions): Promise<void> {
  // A kernel that QEMU starts by itself has ACPI, and so a power button, only on a PC.
  const button = ['amd64', 'i386'].includes(options.architecture) || parts.kernel === undefined;
  const name = button ? 'power off by its button' : 'power off';
  if (!button && !canBeAsked(options)) return;
  if (!(await ledger.measure(name, () => powerOff(machine, { button, limitSeconds: limitsFor(options.patience).powerOff })))) return;
  const { features } = withFile(parts.disks[0]!.path, findRoot).superblock;
  const clean = !features.includes('needs_recovery');
  ledger.tell({ name: 'root left in order', ok: clean, value: clean ? 'its journal is empty' : 'its journal has to be replayed' });
}
