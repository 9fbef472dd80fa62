import type { Image } from '../../image/index.ts';
import type { ConfigureFacts } from './facts.ts';
import type { FileEntry } from './files.ts';
import type { ConfigureScript, Step } from './script.ts';
import { cleanupStep } from './steps/cleanup.ts';
import { consoleStep } from './steps/console.ts';
import { filesStep } from './steps/files.ts';
import { fstabStep } from './steps/fstab.ts';
import { growRootStep } from './steps/grow-root.ts';
import { hostnameStep } from './steps/hostname.ts';
import { divertStep, initramfsStep } from './steps/initramfs.ts';
import { localesStep } from './steps/locales.ts';
import { modulesStep } from './steps/modules.ts';
import { networkStep } from './steps/network.ts';
import { packagesStep } from './steps/packages.ts';
import { scriptSteps } from './steps/scripts.ts';
import { servicesStep } from './steps/services.ts';
import { sshHostKeysStep } from './steps/ssh-host-keys.ts';
import { timezoneStep } from './steps/timezone.ts';
import { usersStep } from './steps/users.ts';

/**
 * The steps that configure an image, in order. What the user gives (files, services, scripts) comes after what is generated, and so
 * wins; the initial ramdisk is made once, after everything that could be in it. Nothing in it depends on the building machine or the day.
 */
export function planConfigure(image: Image, facts: ConfigureFacts, files: readonly FileEntry[]): ConfigureScript {
  const steps: (Step | undefined)[] = [
    divertStep(facts),
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
    filesStep(files),
    servicesStep(image, facts),
    ...scriptSteps(image),
    initramfsStep(facts),
    cleanupStep(facts),
  ];
  return { steps: steps.filter((step) => step !== undefined) };
}
