import type { Image } from '../../image/index.ts';
import type { ConfigureFacts } from './facts.ts';
import type { FileEntry } from './files.ts';
import type { ConfigureScript, Step } from './script.ts';
import { cleanupStep } from './steps/cleanup.ts';
import { bootLoaderStep } from './steps/boot-loader.ts';
import { consoleStep } from './steps/console.ts';
import { filesStep } from './steps/files.ts';
import { fstabStep } from './steps/fstab.ts';
import { growRootStep } from './steps/grow-root.ts';
import { hostnameStep } from './steps/hostname.ts';
import { divertStep, initramfsStep, renewStep, watchStep } from './steps/initramfs.ts';
import { installerStep } from './steps/installer.ts';
import { localesStep } from './steps/locales.ts';
import { modulesStep } from './steps/modules.ts';
import { networkStep } from './steps/network.ts';
import { packagesStep } from './steps/packages.ts';
import { scriptSteps } from './steps/scripts.ts';
import { servicesStep } from './steps/services.ts';
import { sshHostKeysStep } from './steps/ssh-host-keys.ts';
import { timezoneStep } from './steps/timezone.ts';
import { usersStep } from './steps/users.ts';

/** The configuring of an image in two parts; each leaves a layer, and the first is made again only when what it says changes. */
export interface ConfigurePlan {
  /** What image.json says in words: all generated. */
  readonly settings: ConfigureScript;
  /** The files, services and scripts that the user gives; undefined where there are none. */
  readonly own: ConfigureScript | undefined;
}

/**
 * The steps that configure an image, in order. What the user gives comes after what is generated, and so wins. The initial ramdisk is
 * made at the end of the settings, and again after the user's own steps only where they changed something that could be in it.
 * Nothing in it depends on the building machine or the day.
 */
export function planConfigure(image: Image, facts: ConfigureFacts, files: readonly FileEntry[]): ConfigurePlan {
  const settings = [
    divertStep(facts),
    installerStep(facts),
    packagesStep(image),
    localesStep(image),
    timezoneStep(image, facts),
    hostnameStep(image),
    modulesStep(image, facts),
    fstabStep(facts),
    networkStep(image, facts),
    consoleStep(image, facts),
    growRootStep(image, facts),
    sshHostKeysStep(facts),
    usersStep(image),
    initramfsStep(facts),
    bootLoaderStep(image, facts),
    cleanupStep(facts),
  ];
  const own = [filesStep(files), servicesStep(image, facts), ...scriptSteps(image)];
  return {
    settings: script(settings),
    own: own.every((step) => step === undefined) ? undefined : script([watchStep(facts), ...own, renewStep(facts), cleanupStep(facts)]),
  };
}

function script(steps: readonly (Step | undefined)[]): ConfigureScript {
  return { steps: steps.filter((step) => step !== undefined) };
}
