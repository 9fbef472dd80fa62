import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { mergeLayers } from '../../disk/layers/merge.ts';
import { mergedPieces, pieceStream } from '../../disk/layers/merged-tar.ts';
import { indexTar } from '../../disk/layers/tar-index.ts';
import { isRoot, run } from '../../host/index.ts';
import { afterwards } from '../../host/testing/afterwards.ts';
import { planChange } from '../change.ts';
import { removeInNamespaces } from '../namespace.ts';
import type { Identity } from './identities.ts';

/** 13 September 2020: no file of a layer may be younger. */
export const epoch = 1_600_000_000;

export interface Changed {
  /** The tar of what changed, and its paths. */
  readonly layer: string;
  readonly paths: readonly string[];
  /** All that was said. */
  readonly lines: readonly string[];
}

/** For tests: an empty folder of an identity, removed after the tests of this file, whoever's files are in it. */
export async function ownFolder(identity?: Identity): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rootfs-test-'));
  await identity?.own(folder);
  afterwards(() => run(removeInNamespaces(isRoot(), folder), { doing: 'removing a folder' }));
  return folder;
}

/** For tests: a scratch folder with a script among its assets. */
export async function scratchWith(script: string, identity: Identity): Promise<string> {
  const scratch = await ownFolder(identity);
  await mkdir(join(scratch, 'assets'));
  await writeFile(join(scratch, 'assets/script.sh'), script);
  return scratch;
}

/** For tests: changes the tree of some layers with a script. */
export async function change(
  identity: Identity,
  memoryBytes: number | undefined,
  layers: readonly string[],
  script: string,
): Promise<Changed> {
  const scratch = await scratchWith(script, identity);
  const namespace = { root: identity.root, memoryBytes, scratch, hostname: 'inside' };
  const layer = join(await ownFolder(), 'layer.tar');
  const lines: string[] = [];
  await run(identity.as(planChange({ namespace, script: 'script.sh', epoch })), {
    doing: 'changing a tree',
    input: merged(layers),
    output: createWriteStream(layer),
    onLine: (line) => lines.push(line),
  });
  const paths = indexTar(layer).entries.map(({ path }) => Buffer.from(path, 'latin1').toString());
  return { layer, paths, lines };
}

function merged(layers: readonly string[]): Readable {
  if (layers.length === 1) return createReadStream(layers[0]!);
  return pieceStream(mergedPieces(mergeLayers(layers.map((layer) => indexTar(layer)))));
}
