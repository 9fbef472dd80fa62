import { PassThrough } from 'node:stream';
import type { Descriptor } from '@nx-debian-image/artifact-store';
import { isRoot, run } from '../../host/index.ts';
import { endedLine, planChange } from '../../rootfs/change.ts';
import { layerStream, layerType } from '../../rootfs/layers.ts';
import { chooseMemory } from '../../rootfs/space.ts';
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
  const { image, layers, epoch, store, progress, signal, environment } = options;
  const bytes = layers.reduce((sum, { size }) => sum + size, 0);
  const memoryBytes = await chooseMemory(Math.ceil(bytes * 1.2) + growth, environment);
  const markers: Marker[] = [];
  const said: string[] = [];
  let status = 0;
  const onLine = (line: string): void => {
    const ended = endedLine.exec(line);
    const marker = parseMarker(line);
    if (ended) status = Number(ended[1]);
    else if (marker === undefined) said.push(line);
    else markers.push(marker);
    if (marker?.kind === 'step') {
      said.length = 0;
      progress.step(marker.title);
    }
    if (marker?.kind === 'note') progress.note(marker.text);
    if (said.length > saidLines) said.shift();
  };
  const namespace = { root: isRoot(), memoryBytes, scratch, hostname: image.hostname };
  const input = await layerStream(layers, store);
  const output = new PassThrough({ highWaterMark: 1 << 20 });
  const command = planChange({ namespace, script: scriptName, epoch });
  const [layer] = await Promise.all([
    store.putStream(output, { mediaType: layerType }),
    run(command, { doing: `configuring ${image.name}`, signal, input, output, onLine }).catch(() => {
      // the output is destroyed with this failure, and with it the store's stream tells it; where that broke first, its own
    }),
  ]);
  return { layer, status, markers, said };
}
