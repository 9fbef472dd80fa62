import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readArtifact } from '../../packages/artifact-store/src/index.ts';
import { artifactTag, parseResult } from '../../packages/debian-image/src/exchange/result.ts';
import { type Command, command, run } from '../../packages/debian-image/src/host/index.ts';
import { openRepository } from '../../packages/registry/src/index.ts';
import { startRegistry } from '../../packages/registry/src/testing/index.ts';
import { formatBytes, formatDuration, silent } from '../../packages/report/src/index.ts';
import { installedWorkspace } from './installed.ts';
import { measure, type Measurement } from './measure.ts';
import { slowLine } from './slow-line.ts';
import { artifactFolder } from './state.ts';
import { renderTable } from './table.ts';
import { type BenchWorkspace, imageName } from './workspace.ts';

/** What a registry on this machine makes of a machine that has nothing. */
export interface RegistryMeasurement {
  /** The stages to extract, each found in the registry. */
  readonly found: Measurement;
  /** The first of them alone. */
  readonly first: Measurement;
  /** Each of `lines`: from nothing to the triplet in the catalog, and its compressed bytes copied by curl. */
  readonly lines: readonly { readonly line: string; readonly published: Measurement; readonly copied: Measurement }[];
  /** How many bytes these are. */
  readonly bytes: number;
}

const stages = 5;

/** Ways to the registry, in bits a second; undefined is the loopback as it is. */
const lines: readonly (readonly [string, number | undefined])[] = [
  ['loopback', undefined],
  ['1 Gbit/s', 1e9],
  ['100 Mbit/s', 1e8],
];

/** Builds the image once into a registry, in a workspace with the installed plugin below `folder`, and measures what a machine without anything takes to have it. */
export async function measureRegistry(
  source: string,
  folder: string,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<RegistryMeasurement> {
  say('installing the plugin');
  const scratch = join(folder, 'with-registry');
  await mkdir(scratch);
  const workspace = await installedWorkspace(source, scratch, signal);
  const registry = await startRegistry(join(scratch, 'registry'));
  try {
    const nx = (target: string, host: string, write = 'no'): Command => {
      const { env, ...plain } = workspace.nx(['run', `${imageName}:${target}`], false);
      return { ...plain, env: { ...env, DEBIAN_IMAGE_REGISTRY: `${host}/bench`, DEBIAN_IMAGE_REGISTRY_WRITE: write } };
    };
    await forgetAll(workspace);
    say('building the image into a registry');
    await run(nx('extract', registry.host, 'yes'), { doing: 'building the image into a registry', signal, onLine: () => {} });
    const blobs = await blobsOfTriplet(workspace, `${registry.host}/bench`, signal);
    const measured = (what: Command): Promise<Measurement> => measure(what, { doing: 'measuring the registry', scratch, signal });
    const fromNothing = async (target: string, host = registry.host): Promise<Measurement> => {
      await forgetAll(workspace);
      return measured(nx(target, host));
    };
    const found = await leastOf(() => fromNothing('extract'));
    const first = await leastOf(() => fromNothing('install'));
    const ways: RegistryMeasurement['lines'][number][] = [];
    for (const [line, bitsPerSecond] of lines) {
      const slow = bitsPerSecond === undefined ? undefined : await slowLine(registry.host, bitsPerSecond);
      try {
        const host = slow?.host ?? registry.host;
        const published = await leastOf(() => fromNothing('upload', host));
        const copied = await leastOf(() =>
          measured(copying(blobs, { base: `http://${host}/v2/bench/blobs`, folder: join(scratch, 'copied') })),
        );
        ways.push({ line, published, copied });
        say(`${line}: ${formatDuration(published.seconds * 1000)} to the catalog, ${formatDuration(copied.seconds * 1000)} by curl`);
      } finally {
        await slow?.stop();
      }
    }
    return { found, first, lines: ways, bytes: blobs.reduce((sum, { size }) => sum + size, 0) };
  } finally {
    await registry.stop();
  }
}

/** The shortest of three. */
async function leastOf(once: () => Promise<Measurement>): Promise<Measurement> {
  const three = [await once(), await once(), await once()];
  return three.toSorted((a, b) => a.seconds - b.seconds)[0]!;
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
export function renderRegistry({ found, first, lines: ways, bytes }: RegistryMeasurement): string {
  const each = (found.seconds - first.seconds) / (stages - 1);
  const row = (what: string, { seconds, cpuSeconds, peakBytes }: Measurement, figure: string, aim: string): string[] => [
    what,
    seconds.toFixed(1),
    cpuSeconds.toFixed(1),
    formatBytes(peakBytes),
    figure,
    aim,
  ];
  return renderTable(
    ['a machine that has nothing, and a registry', 's', 'CPU s', 'peak memory', '', 'aim'],
    [
      row('one stage found, on loopback', first, '', ''),
      row(`${stages} stages found`, found, `${formatDuration(each * 1000)} for each more`, '500 ms'),
      ...ways.flatMap(({ line, published, copied }) => [
        row(`to the triplet in the catalog, ${line}`, published, `${(published.seconds / copied.seconds).toFixed(2)} × copying`, '1.3'),
        row(`curl copying its ${formatBytes(bytes)}, ${line}`, copied, '', ''),
      ]),
    ],
  );
}
