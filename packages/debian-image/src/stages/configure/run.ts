import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ArtifactDraft, Descriptor, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import { releaseOf } from '../../debian/releases.ts';
import { isRoot, run } from '../../host/index.ts';
import type { Image } from '../../image/index.ts';
import { endedLine, planChange } from '../../rootfs/change.ts';
import { layerStream } from '../../rootfs/layers.ts';
import { chooseMemory } from '../../rootfs/space.ts';
import { scriptFailure } from './failure.ts';
import { type FileEntry, planFiles, planScripts } from './files.ts';
import { type Marker, parseMarker } from './markers.ts';
import { planConfigure } from './plan.ts';
import { renderScript } from './script.ts';

export interface ConfigureOptions {
  readonly image: Image;
  /** The layers of the tree, the lowest first. */
  readonly layers: readonly Descriptor[];
  /** Seconds since 1970, from the layers below. */
  readonly epoch: number;
  readonly store: Store;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  /** Is given the layers of the tree as it stood where a step fails, and says how to look at it. */
  readonly keepFailed: (layers: readonly Descriptor[]) => Promise<string>;
}

const layerType = 'application/vnd.oci.image.layer.v1.tar';

/** Beside the tree, room for what the steps add. */
const growth = 512 << 20;

/** Configures the tree of an image inside namespaces without network. Leaves the layer `rootfs.tar` with only what changed. */
export async function configure(options: ConfigureOptions): Promise<ArtifactDraft> {
  const { image, layers, store, progress } = options;
  const scratch = await store.scratch();
  try {
    const files = await planFiles(image);
    await stageAssets(image, files, join(scratch.folder, 'assets'));
    const { layer, status, markers, said } = await change(options, scratch.folder);
    if (status !== 0) {
      const look = await options.keepFailed([...layers, layer]);
      throw scriptFailure({ status, markers, said, look });
    }
    const config = { release: image.release, architecture: image.arch, epoch: options.epoch, layers: [...layers, layer] };
    progress.note(`changed ${layer.size} bytes of the tree`);
    return { stage: 'configure', config, blobs: [{ name: 'rootfs.tar', descriptor: layer }] };
  } finally {
    await scratch.dispose();
  }
}

async function stageAssets(image: Image, files: readonly FileEntry[], folder: string): Promise<void> {
  const release = releaseOf(image.release);
  const staged = files.flatMap((entry) => (entry.staged === undefined ? [] : [entry.staged]));
  for (const { path, source } of [...staged, ...planScripts(image)]) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target);
    await chmod(target, 0o755);
  }
  await mkdir(folder, { recursive: true });
  const script = renderScript(planConfigure(image, { release, initramfs: 'initramfs-tools' }, files));
  await writeFile(join(folder, 'configure.sh'), script);
}

interface Changed {
  readonly layer: Descriptor;
  readonly status: number;
  readonly markers: readonly Marker[];
  /** The last lines that the failing step's programs said. */
  readonly said: readonly string[];
}

const saidLines = 15;

async function change({ image, layers, epoch, store, progress, signal, environment }: ConfigureOptions, scratch: string): Promise<Changed> {
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
  const output = new PassThrough({ highWaterMark: 1 << 20 });
  const command = planChange({ namespace, script: 'configure.sh', epoch });
  const [layer] = await Promise.all([
    store.putStream(output, { mediaType: layerType }),
    run(command, { doing: `configuring ${image.name}`, signal, input: layerStream(layers, store), output, onLine }).catch(() => {
      // the output is destroyed with this failure, and with it the store's stream tells it; where that broke first, its own
    }),
  ]);
  return { layer, status, markers, said };
}
