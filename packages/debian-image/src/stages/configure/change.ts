import type { Descriptor } from '@nx-debian-image/artifact-store';
import { runChange } from '../../rootfs/run-change.ts';
import { growth, scriptName } from './assets.ts';
import { type Heard, listen } from './listen.ts';
import type { ConfigureOptions } from './options.ts';

/** How a script in a tree ended. */
export interface Changed extends Omit<Heard, 'onLine'> {
  /** What it changed, also where it failed. */
  readonly layer: Descriptor;
  readonly status: number;
}

/** Runs the script among the assets of `scratch` in the tree of the layers, telling its steps and notes as they come. */
export async function change(options: ConfigureOptions, scratch: string): Promise<Changed> {
  const { image } = options;
  const { onLine, markers, said } = listen(options.progress);
  const doing = `configuring ${image.name}`;
  const outcome = await runChange({ ...options, doing, scratch, script: scriptName, hostname: image.hostname, growth, onLine });
  return { ...outcome, markers, said };
}
