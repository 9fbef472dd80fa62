import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, run } from '../../packages/debian-image/src/host/index.ts';
import { formatBytes, formatDuration } from '../../packages/report/src/index.ts';
import { measure } from './measure.ts';
import { readJson } from './state.ts';
import { renderTable } from './table.ts';
import { type BenchWorkspace, imageName } from './workspace.ts';

/** What one of several images that start from the same one took. */
export interface Variant {
  readonly name: string;
  readonly seconds: number;
  /** By how many bytes the store grew; of them its own layers, and the packages as they were fetched, which stay for all images. */
  readonly growth: number;
  readonly layers: number;
  readonly fetched: number;
}

/** Each gets a package of its own beside a script, so that none finds anything made for another. */
const packages = ['bc', 'dnsutils', 'file', 'htop', 'jq', 'lsof', 'pv', 'rsync', 'strace', 'tree'];

/** Builds ten images that start from the measured one, to their configured trees, one after another. */
export async function measureVariants(workspace: BenchWorkspace, signal: AbortSignal, say: (line: string) => void): Promise<Variant[]> {
  await run(workspace.nx(['run', `${imageName}:configure`], false), { doing: 'building what the variants start from', signal });
  const variants: Variant[] = [];
  for (const [index, extra] of packages.entries()) {
    const name = `variant-${index + 1}`;
    const folder = join(workspace.root, 'images', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'image.json'), JSON.stringify({ from: imageName, packages: [extra], scripts: ['motd.sh'] }));
    await writeFile(join(folder, 'motd.sh'), `echo ${name} > /etc/motd\n`);
    const before = await storeSize(workspace, signal);
    const { seconds } = await measure(workspace.nx(['run', `${name}:configure`], false), {
      doing: `measuring ${name}`,
      scratch: workspace.scratch,
      signal,
    });
    const growth = (await storeSize(workspace, signal)) - before;
    variants.push({ name, seconds, growth, layers: await ownLayers(workspace, name), fetched: await ownPackages(workspace, name) });
    say(`${name}: ${formatDuration(seconds * 1000)}, the store grew by ${formatBytes(growth)}`);
  }
  return variants;
}

/** Bytes on disk of everything in the store but the lists of packages, which are fetched for all. */
async function storeSize({ store }: BenchWorkspace, signal: AbortSignal): Promise<number> {
  const du = command('du', ['--summarize', '--block-size=1', join(store, 'blobs')]);
  return Number((await run(du, { doing: 'measuring the store', signal })).stdout.split('\t')[0]);
}

async function ownLayers({ root }: BenchWorkspace, name: string): Promise<number> {
  interface Config {
    readonly layers: readonly { readonly size: number }[];
  }
  const layersOf = async (image: string) => (await readJson<Config>(join(root, 'dist', image, 'configure/config.json'))).layers;
  const below = (await layersOf(imageName)).length;
  return (await layersOf(name)).slice(below).reduce((sum, { size }) => sum + size, 0);
}

/** The packages that it has and the image that it starts from has not. */
async function ownPackages({ root }: BenchWorkspace, name: string): Promise<number> {
  interface Config {
    readonly packages: readonly { readonly sha256: string; readonly size: number }[];
  }
  const packagesOf = async (image: string) => (await readJson<Config>(join(root, 'dist', image, 'install/config.json'))).packages;
  const below = new Set((await packagesOf(imageName)).map(({ sha256 }) => sha256));
  return (await packagesOf(name)).filter(({ sha256 }) => !below.has(sha256)).reduce((sum, { size }) => sum + size, 0);
}

/**
 * What is aimed at: the tenth takes no longer than the second, and beside the packages that were fetched for it the store grows by at most 1.3
 * times its own layers.
 */
export function renderVariants(variants: readonly Variant[]): string {
  const rows = variants.map(({ name, seconds, growth, layers, fetched }) => [
    name,
    seconds.toFixed(1),
    formatBytes(layers),
    formatBytes(growth),
    formatBytes(fetched),
    ((growth - fetched) / layers).toFixed(2),
  ]);
  const head = ['ten images from one', 's', 'own layers', 'the store grew by', 'of it packages as fetched', 'the rest × own layers'];
  return renderTable(head, rows);
}
