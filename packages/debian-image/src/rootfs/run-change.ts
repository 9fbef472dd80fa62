import { PassThrough } from 'node:stream';
import type { Descriptor, Store } from '@nx-debian-image/artifact-store';
import { isRoot, run } from '../host/index.ts';
import { endedLine, planChange } from './change.ts';
import { layerStream, layerType } from './layers.ts';
import { chooseMemory } from './space.ts';

export interface RunChangeOptions {
  readonly doing: string;
  /** The layers of the tree, the lowest first. */
  readonly layers: readonly Descriptor[];
  /** A folder of this run with `assets`, which the tree sees as `assetsFolder`; the script is one of them. */
  readonly scratch: string;
  readonly script: string;
  readonly hostname: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** Bytes that the script may add. */
  readonly growth: number;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
}

/** Runs a script in a tree; gives the layer of what it changed, also where it failed, and the status it ended with. */
export async function runChange(options: RunChangeOptions): Promise<{ readonly layer: Descriptor; readonly status: number }> {
  const { doing, layers, scratch, script, hostname, epoch, growth, store, signal, environment } = options;
  const bytes = layers.reduce((sum, { size }) => sum + size, 0);
  const memoryBytes = await chooseMemory(Math.ceil(bytes * 1.2) + growth, environment);
  let status = 0;
  const onLine = (line: string): void => {
    const ended = endedLine.exec(line);
    if (ended) status = Number(ended[1]);
    else options.onLine(line);
  };
  const input = await layerStream(layers, store);
  const output = new PassThrough({ highWaterMark: 1 << 20 });
  const command = planChange({ namespace: { root: isRoot(), memoryBytes, scratch, hostname }, script, epoch });
  const [layer] = await Promise.all([
    store.putStream(output, { mediaType: layerType }),
    run(command, { doing, signal, input, output, onLine }).catch(() => {
      // the output is destroyed with this failure, and with it the store's stream tells it; where that broke first, its own
    }),
  ]);
  return { layer, status };
}
