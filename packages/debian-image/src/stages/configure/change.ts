import type { Descriptor } from '@nx-debian-image/artifact-store';
import { runChange } from '../../rootfs/run-change.ts';
import { scriptName } from './assets.ts';
import { type Marker, parseMarker } from './markers.ts';
import type { ConfigureOptions } from './options.ts';

/** Beside the tree, room for what the steps add, in bytes. */
const growth = 512 << 20;

/** The lines of a failing step that are kept. */
const saidLines = 15;

/** How a script in a tree ended. */
export interface Changed {
  /** What it changed, also where it failed. */
  readonly layer: Descriptor;
  readonly status: number;
  readonly markers: readonly Marker[];
  /** The last lines that the last step's programs said. */
  readonly said: readonly string[];
}

/** Runs the script among the assets of `scratch` in the tree of the layers, telling its steps and notes as they come. */
export async function change(options: ConfigureOptions, scratch: string): Promise<Changed> {
  const { image, progress } = options;
  const markers: Marker[] = [];
  const said: string[] = [];
  const onLine = (line: string): void => {
    const marker = parseMarker(line);
    if (marker === undefined) said.push(line);
    else markers.push(marker);
    if (marker?.kind === 'step') {
      said.length = 0;
      progress.step(marker.title);
    }
    if (marker?.kind === 'note') progress.note(marker.text);
    if (said.length > saidLines) said.shift();
  };
  const doing = `configuring ${image.name}`;
  const outcome = await runChange({ ...options, doing, scratch, script: scriptName, hostname: image.hostname, growth, onLine });
  return { ...outcome, markers, said };
}
