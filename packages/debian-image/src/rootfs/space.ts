import { availableMemory } from '../host/index.ts';

/** Beside the work itself a build needs memory for its programs, and the machine for everybody else. */
const reserve = 1 << 30;

/**
 * How much memory the work on a tree may fill, or undefined to work on disk: in memory only where there is room for it.
 * `DEBIAN_IMAGE_SCRATCH` set to `disk` or `memory` decides otherwise. All in bytes.
 */
export async function chooseMemory(needed: number, environment: NodeJS.ProcessEnv): Promise<number | undefined> {
  const wish = environment['DEBIAN_IMAGE_SCRATCH'];
  if (wish === 'disk') return undefined;
  if (wish === 'memory') return needed;
  return (await availableMemory()) >= needed + reserve ? needed : undefined;
}
