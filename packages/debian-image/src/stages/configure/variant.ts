import type { Image, ImageFile, ImageScript } from '../../image/index.ts';
import type { ConfigureFacts } from './facts.ts';
import type { FileEntry } from './files.ts';
import { type ConfigurePlan, planConfigure } from './plan.ts';
import type { Step } from './script.ts';
import { cleanupStep } from './steps/cleanup.ts';
import { divertStep, initramfsStep, renewStep, watchStep } from './steps/initramfs.ts';

/** What the packages of an image changed in the tree that it starts from. */
export interface Added {
  /** The names of those that came in. */
  readonly packages: ReadonlySet<string>;
  /** Whether one of them asked for a new initial ramdisk. */
  readonly staleRamdisk: boolean;
}

/** The part of an image that the one it starts from does not have: files, scripts and services of its own. */
export function ownPart(image: Image, parent: Image): Image {
  const { files, scripts, services } = image;
  const added = (list: 'enable' | 'disable' | 'mask'): string[] => services[list].filter((name) => !parent.services[list].includes(name));
  return {
    ...image,
    files: files.filter((file) => !parent.files.some((other) => sameFile(file, other))),
    scripts: scripts.filter((script) => !parent.scripts.some((other) => sameScript(script, other))),
    services: { enable: added('enable'), disable: added('disable'), mask: added('mask') },
  };
}

function sameFile(one: ImageFile, other: ImageFile): boolean {
  return (['source', 'target', 'owner', 'group', 'mode'] as const).every((field) => one[field] === other[field]);
}

function sameScript(one: ImageScript, other: ImageScript): boolean {
  return one.source === other.source;
}

/** Steps that do something else where one of these packages has come in, although they say the same. */
const lookFor: Readonly<Record<string, readonly string[]>> = {
  timezone: ['tzdata'],
  network: ['ifupdown', 'systemd-resolved'],
  'ssh-host-keys': ['openssh-server'],
};

/** Steps that stand around all others, or are planned anew here. */
const frame: ReadonlySet<string> = new Set(['put-aside', 'packages', 'initramfs', 'cleanup']);

/**
 * The steps that configure an image which starts from another, whose tree is configured: of the settings those that say something else
 * there, then the user's own files, services and scripts. `files` are those of `ownPart`. The initial ramdisk is made again only where
 * a package asked for it or a step changed something that it could be made of. Either part is undefined where there is nothing to do.
 */
export function planVariant(
  image: Image,
  parent: Image,
  facts: ConfigureFacts,
  { files, added }: { readonly files: readonly FileEntry[]; readonly added: Added },
): Partial<ConfigurePlan> {
  const { settings, own } = planConfigure(ownPart(image, parent), facts, files);
  const before = new Map(planConfigure(parent, facts, []).settings.steps.map((step) => [step.name, step.script]));
  const steps = settings.steps.filter(({ name, script }) => {
    if (frame.has(name)) return false;
    return before.get(name) !== script || lookFor[name]?.some((needed) => added.packages.has(needed)) === true;
  });
  if (steps.length === 0 && !added.staleRamdisk) return { own };
  const around: [Step, Step] = added.staleRamdisk ? [divertStep(facts), initramfsStep(facts)] : [watchStep(facts), renewStep(facts)];
  return { settings: { steps: [around[0], ...steps, around[1], cleanupStep(facts)] }, own };
}
