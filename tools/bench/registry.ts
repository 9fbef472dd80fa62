import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtifact } from '../../packages/artifact-store/src/index.ts';
import { artifactTag, parseResult } from '../../packages/debian-image/src/exchange/result.ts';
import { type Command, command, run } from '../../packages/debian-image/src/host/index.ts';
import { openRepository } from '../../packages/registry/src/index.ts';
import { startRegistry } from '../../packages/registry/src/testing/index.ts';
import { formatBytes, formatDuration, silent } from '../../packages/report/src/index.ts';
import { measure, type Measurement } from './measure.ts';
import { artifactFolder } from './state.ts';
import { renderTable } from './table.ts';
import { type BenchWorkspace, imageName } from './workspace.ts';

/** What a registry on this machine makes of a machine that has nothing. */
export interface RegistryMeasurement {
  /** The stages to extract, each found in the registry. */
  readonly found: Measurement;
  /** The same with everything in the cache of Nx. */
  readonly cached: Measurement;
  /** From nothing to the triplet in the catalog. */
  readonly published: Measurement;
  /** The compressed bytes of the triplet copied by curl, and how many they are. */
  readonly copied: Measurement;
  readonly bytes: number;
}

const stages = 5;

/** Builds the image once into a registry and measures what a machine without anything takes to have it; the least of three times each. */
export async function measureRegistry(
  workspace: BenchWorkspace,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<RegistryMeasurement> {
  const { scratch } = workspace;
  const registry = await startRegistry(join(scratch, 'registry'));
  try {
    const name = `${registry.host}/bench`;
    const nx = (target: string, write = 'no'): Command => {
      const { env, ...plain } = workspace.nx(['run', `${imageName}:${target}`], false);
      return { ...plain, env: { ...env, DEBIAN_IMAGE_REGISTRY: name, DEBIAN_IMAGE_REGISTRY_WRITE: write } };
    };
    await forgetAll(workspace);
    say('building the image into a registry');
    await run(nx('extract', 'yes'), { doing: 'building the image into a registry', signal, onLine: () => {} });
    const blobs = await blobsOfTriplet(workspace, name, signal);
    const measured = (what: Command): Promise<Measurement> => measure(what, { doing: 'measuring the registry', scratch, signal });
    const rounds: Omit<RegistryMeasurement, 'bytes'>[] = [];
    for (let round = 1; round <= 3; round += 1) {
      await forgetAll(workspace);
      const found = await measured(nx('extract'));
      const cached = await measured(nx('extract'));
      await forgetAll(workspace);
      const published = await measured(nx('upload'));
      const copied = await measured(copying(blobs, { base: `http://${registry.host}/v2/bench/blobs`, folder: join(scratch, 'copied') }));
      rounds.push({ found, cached, published, copied });
      say(`${round}/3 registry: ${formatDuration(published.seconds * 1000)} to the catalog`);
    }
    const least = (part: keyof (typeof rounds)[number]): Measurement =>
      rounds.map((round) => round[part]).toSorted((a, b) => a.seconds - b.seconds)[0]!;
    const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
    return { found: least('found'), cached: least('cached'), published: least('published'), copied: least('copied'), bytes };
  } finally {
    await registry.stop();
  }
}

/** Takes everything from the machine but the workspace. */
async function forgetAll({ root, store }: BenchWorkspace): Promise<void> {
  const folders = ['dist', '.nx/cache', '.nx/workspace-data', 'catalog'].map((folder) => join(root, folder));
  for (const folder of [...folders, store]) await rm(folder, { recursive: true, force: true });
}

async function blobsOfTriplet(workspace: BenchWorkspace, name: string, signal: AbortSignal): Promise<{ digest: string; size: number }[]> {
  const artifact = await readArtifact(artifactFolder(workspace, 'extract'));
  const found = await openRepository(name, { environment: {}, signal, progress: silent }).manifest(
    artifactTag(artifact!.descriptor.digest),
  );
  return parseResult(found!.bytes, name).blobs.map(({ packed }) => packed);
}

function copying(blobs: readonly { readonly digest: string }[], { base, folder }: { base: string; folder: string }): Command {
  const files = blobs.flatMap(({ digest }) => ['--output', join(folder, digest.slice('sha256:'.length)), `${base}/${digest}`]);
  return command('curl', ['--silent', '--fail', '--create-dirs', '--parallel', ...files]);
}

/** What is aimed at: 500 ms for a stage that is found, and 1.3 times the copying. */
export function renderRegistry({ found, cached, published, copied, bytes }: RegistryMeasurement): string {
  const each = (found.seconds - cached.seconds) / stages;
  const row = (what: string, { seconds, cpuSeconds, peakBytes }: Measurement, figure: string, aim: string): string[] => [
    what,
    seconds.toFixed(1),
    cpuSeconds.toFixed(1),
    formatBytes(peakBytes),
    figure,
    aim,
  ];
  return renderTable(
    ['a machine that has nothing, a registry beside it', 's', 'CPU s', 'peak memory', '', 'aim'],
    [
      row(`${stages} stages found in the registry`, found, `${formatDuration(each * 1000)} each over Nx's cache`, '500 ms'),
      row('the same, all in the cache of Nx', cached, '', ''),
      row('to the triplet in the catalog', published, `${(published.seconds / copied.seconds).toFixed(1)} × copying`, '1.3'),
      row(`curl copying its compressed bytes, ${formatBytes(bytes)}`, copied, '', ''),
    ],
  );
}
